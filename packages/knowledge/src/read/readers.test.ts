import { utils, write } from "@e965/xlsx";
import { buildDocx, buildEpub, buildOpenDocument, buildPptx, docx, pptx } from "@deskside/testing/documents";
import { describe, expect, it } from "vitest";
import type { Block, ParsedDocument } from "../document/document-schemas.ts";
import { parsedDocumentSchema } from "../document/document-schemas.ts";
import { readDocument } from "./read-document.ts";

const options = { resources: null, ocrLanguages: [], password: null, maximumPages: 100, maximumCharacters: 1_000_000 };

async function read(name: string, content: string | Uint8Array): Promise<ParsedDocument> {
  const document = await readDocument(
    { name, bytes: typeof content === "string" ? Buffer.from(content) : content },
    options,
  );
  for (const { text, spans } of document.blocks) {
    let last = 0;
    for (const { start, end } of spans) {
      expect(start).toBeGreaterThanOrEqual(last);
      expect(end).toBeGreaterThan(start);
      expect(end).toBeLessThanOrEqual(text.length);
      last = end;
    }
  }
  return parsedDocumentSchema.parse(document);
}

const outline = ({ blocks }: ParsedDocument): string[] => blocks.map(({ kind, text }) => `${kind}: ${text}`);
const placesOf = (block: Block | undefined) => block?.spans.map(({ place }) => place);

describe("text formats", () => {
  it("Markdown by its structure, with its lines", async () => {
    const document = await read(
      "a.md",
      "---\nt: 1\n---\n# Title\n\nOne\nparagraph.\n\n- item\n  - inner\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\n```js\nx();\n```\n",
    );
    expect(outline(document)).toEqual([
      "heading: Title",
      "paragraph: One\nparagraph.",
      "list-item: item",
      "list-item: inner",
      "table: A: 1; B: 2",
      "code: x();",
    ]);
    expect(placesOf(document.blocks[1])).toEqual([{ kind: "lines", from: 6, to: 7 }]);
    expect(document.title).toBe("Title");
  });

  it("plain text: wrapped lines are one paragraph, short ones stay lines", async () => {
    const long = "This line was wrapped by a program at some seventy characters or";
    const document = await read("a.txt", `${long}\nso and goes on here.\n\nFactory 4\nMain Road 1\n`);
    expect(outline(document)).toEqual([`paragraph: ${long} so and goes on here.`, "paragraph: Factory 4\nMain Road 1"]);
  });

  it("code keeps its lines and its language", async () => {
    const document = await read("a.py", "def f():\n    return 1\n\nx = f()\n");
    expect(document.blocks).toMatchObject([
      { kind: "code", language: "python", text: "def f():\n    return 1" },
      { text: "x = f()" },
    ]);
  });

  it.each([
    ["a.csv", "Pump,Flow\nP-101,118\nP-103,104\n"],
    ["a.tsv", "Pump\tFlow\nP-101\t118\nP-103\t104\n"],
  ])("%s: a row says what its values are, and where", async (name, content) => {
    const [table] = (await read(name, content)).blocks;
    expect(table?.text).toBe("Pump: P-101; Flow: 118\nPump: P-103; Flow: 104");
    expect(placesOf(table)).toEqual([
      { kind: "cells", sheet: "", from: "A2", to: "B2" },
      { kind: "cells", sheet: "", from: "A3", to: "B3" },
    ]);
  });

  it("HTML: tables with headers, scripts and styles left out, nothing fetched", async () => {
    const document = await read(
      "a.html",
      '<html><head><title>Report</title><style>p{}</style></head><body><h1>Survey</h1><p>One <b>bold</b> word.</p><script>alert(1)</script><img src="http://x.example/a.png"><ul><li>first</li></ul><table><tr><th>Pump</th><th>Flow</th></tr><tr><td>P-103</td><td>104</td></tr></table></body></html>',
    );
    expect(outline(document)).toEqual([
      "heading: Survey",
      "paragraph: One bold word.",
      "list-item: first",
      "table: Pump: P-103; Flow: 104",
    ]);
    expect(document).toMatchObject({ title: "Report", warnings: [{ code: "external-content-ignored" }] });
  });

  it("a message: who, when, what, its text; attachments are counted", async () => {
    const mail =
      'From: "Li Wei" <li@x.example>\r\nTo: b@x.example\r\nSubject: =?utf-8?B?5rO15YGc5py6?=\r\nDate: Mon, 3 Nov 2025 08:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nThe pump stopped.\r\n\r\n--q\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\nx\r\n--q--\r\n';
    const document = await read("a.eml", mail);
    expect(outline(document)).toEqual(expect.arrayContaining(["heading: 泵停机", "paragraph: The pump stopped."]));
    expect(document.blocks.some(({ text }) => text.includes("Li Wei"))).toBe(true);
    expect(document.warnings).toEqual([{ code: "embedded-files-ignored", count: 1 }]);
  });
});

describe("Office and OpenDocument", () => {
  it("Word: headings, lists, tables", async () => {
    const body = [
      docx.heading(1, "Handbook"),
      docx.paragraph("泵的保修期为24个月。"),
      docx.listItem("Stop"),
      docx.listItem("Lock", 1),
      docx.table([
        ["Pump", "Flow"],
        ["P-103", "104"],
      ]),
    ].join("");
    const document = await read("a.docx", buildDocx({ body }));
    expect(outline(document)).toEqual([
      "heading: Handbook",
      "paragraph: 泵的保修期为24个月。",
      "list-item: Stop",
      "list-item: Lock",
      "table: Pump: P-103; Flow: 104",
    ]);
  });

  it("PowerPoint: slides in the order they are shown, with their notes", async () => {
    const slides = [
      pptx.shape("Second", "title") +
        pptx.table([
          ["Pump", "Flow"],
          ["P-103", "104"],
        ]),
      pptx.shape("First", "title") + pptx.shape("Body text"),
    ];
    const document = await read("a.pptx", buildPptx(slides, { order: [2, 1], notes: { 2: "Say hello" } }));
    expect(outline(document)).toEqual([
      "heading: First",
      "paragraph: Body text",
      "paragraph: Say hello",
      "heading: Second",
      "table: Pump: P-103; Flow: 104",
    ]);
    expect(placesOf(document.blocks[3])).toEqual([{ kind: "page", page: 2, boxes: [] }]);
    expect(document.pages).toHaveLength(2);
  });

  it.each(["xlsx", "ods", "biff8"] as const)(
    "a workbook as %s: values as they are shown, rows with their headers and cells",
    async (bookType) => {
      const book = utils.book_new();
      utils.book_append_sheet(book, utils.aoa_to_sheet([["设备", "流量"], ["P-101", 118], [], ["P-103", 104.5]]), "泵");
      const bytes = new Uint8Array(write(book, { type: "array", bookType }) as ArrayBuffer);
      const document = await read(`a.${bookType === "biff8" ? "xls" : bookType}`, bytes);
      const table = document.blocks.find(({ kind }) => kind === "table");
      expect(table?.text).toBe("设备: P-101; 流量: 118\n设备: P-103; 流量: 104.5");
      expect(placesOf(table)?.[1]).toEqual({ kind: "cells", sheet: "泵", from: "A4", to: "B4" });
    },
  );

  it("OpenDocument text and presentation", async () => {
    const body =
      '<text:h text:outline-level="2">Rules</text:h><text:p>Wear a<text:s text:c="1"/>helmet.</text:p><text:list><text:list-item><text:p>first</text:p></text:list-item></text:list><table:table><table:table-row><table:table-cell><text:p>Pump</text:p></table:table-cell><table:table-cell><text:p>Flow</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell><text:p>P-103</text:p></table:table-cell><table:table-cell><text:p>104</text:p></table:table-cell></table:table-row></table:table>';
    expect(outline(await read("a.odt", buildOpenDocument("text", body)))).toEqual([
      "heading: Rules",
      "paragraph: Wear a helmet.",
      "list-item: first",
      "table: Pump: P-103; Flow: 104",
    ]);
    const slides =
      "<draw:page><draw:frame><draw:text-box><text:p>One</text:p></draw:text-box></draw:frame></draw:page><draw:page><draw:frame><draw:text-box><text:p>Two</text:p></draw:text-box></draw:frame></draw:page>";
    const document = await read("a.odp", buildOpenDocument("presentation", slides));
    expect(placesOf(document.blocks[1])).toEqual([{ kind: "page", page: 2, boxes: [] }]);
  });

  it("a book in reading order, a chapter a page", async () => {
    const document = await read(
      "a.epub",
      buildEpub({
        title: "Pumps",
        chapters: { "a.xhtml": "<h1>Last</h1><p>b</p>", "b.xhtml": "<h1>First</h1><p>a</p>" },
        spine: ["b.xhtml", "a.xhtml"],
      }),
    );
    expect(outline(document)).toEqual(["heading: First", "paragraph: a", "heading: Last", "paragraph: b"]);
    expect(document).toMatchObject({ title: "Pumps", pages: [{}, {}] });
    expect(placesOf(document.blocks[2])).toEqual([{ kind: "page", page: 2, boxes: [] }]);
  });
});

describe("what a file is", () => {
  it("is told from its content, not its name", async () => {
    expect((await read("report.txt", buildDocx({ body: docx.paragraph("x y") }))).format).toBe("docx");
    expect((await read("page", "<!doctype html><p>hello there</p>")).format).toBe("html");
    expect((await read("notes", "just words")).format).toBe("text");
  });

  it.each([
    [
      "old.doc",
      Buffer.concat([
        Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
        Buffer.from("WordDocument", "utf16le"),
      ]),
      "unsupported-format",
    ],
    [
      "locked.docx",
      Buffer.concat([
        Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
        Buffer.from("EncryptedPackage", "utf16le"),
      ]),
      "password",
    ],
    ["a.exe", Buffer.from([0x4d, 0x5a, 0, 1, 2, 3, 0, 0, 4, 5, 6, 7, 8, 0, 0, 0, 1, 2, 3]), "unsupported-format"],
    ["empty.pdf", new Uint8Array(), "empty"],
  ])("%s is refused for what it is", async (name, bytes, failure) => {
    await expect(read(name, bytes)).rejects.toMatchObject({ failure });
  });
});
