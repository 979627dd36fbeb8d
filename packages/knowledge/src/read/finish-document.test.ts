import { describe, expect, it } from "vitest";
import type { Block, ParsedDocument } from "../document/document-schemas.ts";
import { finishDocument } from "./finish-document.ts";

const options = { resources: null, ocrLanguages: [], password: null, maximumPages: 10, maximumCharacters: 20 };
const place = { kind: "lines" as const, from: 1, to: 1 };
const paragraph = (text: string): Block => ({
  kind: "paragraph",
  text,
  spans: [{ start: 0, end: text.length, place }],
});
const documentOf = (...blocks: Block[]): ParsedDocument => ({
  ...{ format: "text", title: null, pages: [], encoding: null, blocks, warnings: [] },
});

describe("a document of any format", () => {
  it("has no zeros and no halves of characters", () => {
    const { blocks, title } = finishDocument(
      { ...documentOf(paragraph("a\ud800b\u0000c😀")), title: "\udc00" },
      options,
    );
    expect(blocks[0]?.text).toBe("a\ufffdb c😀");
    expect(title).toBe("\ufffd");
  });

  it("ends where it was asked to, and says so", () => {
    const { blocks, warnings } = finishDocument(
      documentOf(paragraph("x".repeat(15)), paragraph("y".repeat(15))),
      options,
    );
    expect(blocks.map(({ text }) => text)).toEqual(["x".repeat(15), "y".repeat(5)]);
    expect(blocks[1]?.spans).toEqual([{ start: 0, end: 5, place }]);
    expect(warnings).toEqual([{ code: "partial", count: 1 }]);
  });

  it("ends a table after its last row that fits", () => {
    const rows = ["A: 1", "A: 22", "A: 333", "A: 4444"];
    const text = rows.join("\n");
    const spans = rows.map((row) => ({ start: text.indexOf(row), end: text.indexOf(row) + row.length, place }));
    const table: Block = { kind: "table", header: ["A"], rows: rows.map((row) => [row.slice(3)]), text, spans };
    const { blocks } = finishDocument(documentOf(table), options);
    expect(blocks).toEqual([
      { ...table, text: "A: 1\nA: 22\nA: 333", spans: spans.slice(0, 3), rows: [["1"], ["22"], ["333"]] },
    ]);
  });

  it("is left alone when it fits", () => {
    const document = documentOf(paragraph("short"));
    expect(finishDocument(document, options)).toEqual(document);
  });
});
