import { buildDocx, buildXlsx, docx } from "@deskside/testing/documents";
import { describe, expect, it } from "vitest";
import type { ParsedDocument } from "../document/document-schemas.ts";
import { readDocument } from "./read-document.ts";

const options = { resources: null, ocrLanguages: [], password: null, maximumPages: 100, maximumCharacters: 200_000 };
const read = (name: string, bytes: Uint8Array): Promise<ParsedDocument> => readDocument({ name, bytes }, options);
const texts = ({ blocks }: ParsedDocument): string[] => blocks.map(({ kind, text }) => `${kind}: ${text}`);
const cell = (address: string, index: number) => `<c r="${address}" t="s"><v>${index}</v></c>`;

describe("sheets", () => {
  it("one long text in many cells ends at what was asked for", async () => {
    const rows = Array.from({ length: 2000 }, (_, n) => `<row r="${n + 1}">${cell(`A${n + 1}`, 0)}</row>`);
    const bytes = buildXlsx({ One: `<sheetData>${rows.join("")}</sheetData>` }, ["long ".repeat(100_000)]);
    const document = await read("a.xlsx", bytes);
    expect(document.warnings).toEqual([{ code: "partial", count: 1 }]);
    const length = document.blocks.reduce((sum, { text }) => sum + text.length, 0);
    expect(length).toBeGreaterThan(100_000);
    expect(length).toBeLessThanOrEqual(options.maximumCharacters);
  });

  it("titles stand apart, and a cell over several rows counts for each", async () => {
    const sheet = `<sheetData><row r="1">${cell("A1", 0)}</row><row r="2">${cell("A2", 1)}${cell("B2", 2)}</row><row r="3">${cell("A3", 3)}${cell("B3", 4)}</row><row r="4">${cell("B4", 5)}</row></sheetData><mergeCells count="1"><mergeCell ref="A3:A4"/></mergeCells>`;
    const bytes = buildXlsx({ Plan: sheet }, ["Service plan", "Hall", "Pump", "North", "P-101", "P-103"]);
    expect(texts(await read("a.xlsx", bytes))).toEqual([
      "heading: Plan",
      "paragraph: Service plan",
      "table: Hall: North; Pump: P-101\nHall: North; Pump: P-103",
    ]);
  });
});

describe("parts that only the library would read", () => {
  const elsewhere = (content: string) =>
    buildDocx({
      body: docx.paragraph("in the usual place"),
      more: [
        {
          name: "_rels/.rels",
          content:
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="other/main.xml"/></Relationships>',
        },
        { name: "other/main.xml", content },
      ],
    });
  const word = (body: string) =>
    `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`;

  it("are read where the file says they are", async () => {
    expect(texts(await read("a.docx", elsewhere(word(docx.paragraph("elsewhere")))))).toEqual(["paragraph: elsewhere"]);
  });

  it("are held to the same rules", async () => {
    const laughing = `<!DOCTYPE x [<!ENTITY a "ha">]>${word(docx.paragraph("&a;"))}`;
    await expect(read("a.docx", elsewhere(laughing))).rejects.toMatchObject({ failure: "bomb" });
    const deep = word(`${"<w:sdt>".repeat(300)}${"</w:sdt>".repeat(300)}`);
    await expect(read("a.docx", elsewhere(deep))).rejects.toMatchObject({ failure: "bomb" });
  });
});

describe("text that costs the square of its length", () => {
  it.each([
    ["emphasis that never ends", "*a_ ".repeat(50_000)],
    ["runs of backticks of every length", Array.from({ length: 800 }, (_, n) => `e${"`".repeat(n)}`).join("")],
    ["links within links", "[a](".repeat(20_000)],
  ])("Markdown of %s is read as plain text", async (_, text) => {
    const document = await readDocument(
      { name: "a.md", bytes: Buffer.from(text) },
      { ...options, maximumCharacters: 1_000_000 },
    );
    expect(document.format).toBe("text");
    expect(document.blocks[0]?.text.slice(0, 4)).toBe(text.slice(0, 4));
  });

  it("a long page of Markdown with many marks keeps its structure", async () => {
    const row = "| `P-103` | **104** | [manual](m.md) | *ok* |\n";
    const document = await read(
      "a.md",
      Buffer.from(`# Pumps\n\n| A | B | C | D |\n|---|---|---|---|\n${row.repeat(700)}`),
    );
    expect(document).toMatchObject({ format: "markdown", blocks: [{ kind: "heading" }, { kind: "table" }] });
  });

  it.each([
    ["blocks", `<html><body>${"<div>".repeat(20_000)}deep${"</div>".repeat(20_000)}<p>after</p>`, "deep"],
    ["inline elements", `<html><body><p>before${"<b>".repeat(20_000)}deep`, "beforedeep"],
  ])("a page of %s nested beyond reason is read as paragraphs", async (_, html, first) => {
    expect(texts(await read("a.html", Buffer.from(html)))[0]).toBe(`paragraph: ${first}`);
  });

  it("scripts of such a page stay out", async () => {
    const html = `<html><body>${"<div>".repeat(1000)}<script>let a = "<p>unsaid</p>";</script>said<!-- <p>unsaid -->`;
    expect(texts(await read("a.html", Buffer.from(html)))).toEqual(["paragraph: said"]);
  });
});
