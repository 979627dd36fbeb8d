import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readDocument } from "@deskside/knowledge/parser";
import { copyReaderResources } from "@deskside/knowledge/reader-resources";
import { afterAll, expect, it } from "vitest";
import { makeNotes, makePdfs, makeReports } from "./make-documents.ts";

const folder = mkdtempSync(join(tmpdir(), "deskside-made-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const resources = join(folder, "resources");
copyReaderResources(resources);
const options = { resources, ocrLanguages: [], password: null, maximumPages: 100, maximumCharacters: 1e6 };

function make(name: string) {
  const at = (part: string) => join(folder, name, part);
  return [
    ...makePdfs(at("pdf"), {
      count: 2,
      seed: 1,
      pages: [2, 3],
      chineseEvery: 2,
      fonts: join(resources, "standard_fonts"),
    }),
    ...(["docx", "xlsx", "md", "txt"] as const).flatMap((format, index) =>
      makeReports(at(format), format, { count: 2, seed: 4 + index }),
    ),
    ...makeNotes(at("notes"), { count: 10, seed: 3 }),
  ];
}

it("makes the same readable files for the same seed, each unlike the others, in both languages", async () => {
  const files = make("first");
  const texts = new Set<string>();
  for (const { path, pages } of files) {
    const source = { name: path, bytes: new Uint8Array(readFileSync(path)) };
    const document = await readDocument(source, options);
    if (document.format === "pdf") expect(document.pages).toHaveLength(pages);
    texts.add(document.blocks.map(({ text }) => text).join("\n"));
  }
  expect(texts.size).toBe(files.length);
  expect([...texts].filter((text) => /\p{Script=Han}{4}/u.test(text)).length).toBe(7);
  const bytes = (made: typeof files) => made.map(({ path }) => readFileSync(path));
  expect(bytes(make("second"))).toEqual(bytes(files));
});
