import { readDocument } from "@deskside/knowledge/parser";
import { expect, it } from "vitest";
import { makePdfs, makeTextFiles } from "./make-documents.ts";

const options = { resources: null, ocrLanguages: [], password: null, maximumPages: 100, maximumCharacters: 1e6 };

it("makes the same readable files for the same seed, each unlike the others", async () => {
  const files = [...makeTextFiles(8, 1), ...makePdfs(2, 3, 2)];
  const texts = new Set<string>();
  for (const { name, bytes } of files) {
    const { blocks } = await readDocument({ name, bytes: new Uint8Array(bytes) }, options);
    texts.add(blocks.map(({ text }) => text).join("\n"));
  }
  expect(texts.size).toBe(files.length);
  expect([...texts].every((text) => text.length > 1000)).toBe(true);
  expect(makeTextFiles(8, 1)).toEqual(files.slice(0, 8));
});
