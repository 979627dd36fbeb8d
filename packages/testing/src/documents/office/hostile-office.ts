import type { HostileFile } from "../hostile-file.ts";
import { buildEpub, buildOpenDocument } from "./open-files.ts";
import { buildDocx, buildPptx, buildXlsx, docx, pptx, relationshipsXml } from "./office-files.ts";

const body = docx.paragraph("Text");
const file = (name: string, fileName: string, ends: readonly string[], make: () => Uint8Array): HostileFile => ({
  ...{ name, fileName, ends, make },
});

/** Ten entities, each ten of the one before. */
const laughs = `<!DOCTYPE lolz [<!ENTITY l0 "lol">${Array.from({ length: 10 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join("")}]>`;
const fetchesFile = (path: string) => `<!DOCTYPE x [<!ENTITY secret SYSTEM "${path}">]>`;

/** Entities and addresses that lead out of the document. `secretPath` is a file that must not be read. */
export function hostileReferences(secretPath: string): readonly HostileFile[] {
  const address = `file://${secretPath}`;
  return [...entities(address), ...wayOutFiles(address, secretPath)];
}

function entities(address: string): HostileFile[] {
  return [
    file("billion laughs", "laughs.docx", ["bomb"], () => buildDocx({ body: docx.paragraph("&l10;"), prolog: laughs })),
    file("one long entity, many times", "quadratic.docx", ["bomb"], () =>
      buildDocx({
        body: docx.paragraph("&a;".repeat(50_000)),
        prolog: `<!DOCTYPE x [<!ENTITY a "${"a".repeat(50_000)}">]>`,
      }),
    ),
    file("an entity that is a file", "entity.docx", ["bomb"], () =>
      buildDocx({ body: docx.paragraph("&secret;"), prolog: fetchesFile(address) }),
    ),
    file("an entity in a sheet", "entity.xlsx", ["bomb"], () =>
      buildXlsx({ One: `<sheetData/>` }, [], [{ name: "xl/theme/theme1.xml", content: `${laughs}<a>&l10;</a>` }]),
    ),
    file("an entity in the properties", "entity.pptx", ["bomb"], () =>
      buildPptx([pptx.shape("Text")].map((slide) => `${slide}<!DOCTYPE x>`)),
    ),
    file("an entity in an OpenDocument text", "entity.odt", ["bomb", "damaged"], () =>
      buildOpenDocument("text", "<text:p>Text</text:p>", [
        { name: "meta.xml", content: `${fetchesFile(address)}<dc:title>&secret;</dc:title>` },
      ]),
    ),
  ];
}

function wayOutFiles(address: string, secretPath: string): HostileFile[] {
  return [
    file("a picture of a file and of the network", "external.docx", ["document"], () =>
      buildDocx({
        body: `${body}<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData><pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill><a:blip r:link="rIdX"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`,
        relationships: [
          { id: "rIdX", type: "image", target: address, isExternal: true },
          { id: "rIdY", type: "attachedTemplate", target: "http://127.0.0.1:9/template.dotm", isExternal: true },
        ],
      }),
    ),
    file("a document part that is a file outside", "outside.docx", ["document", "damaged"], () =>
      buildDocx({
        body,
        more: [
          {
            name: "_rels/.rels",
            content: relationshipsXml([{ id: "rId1", type: "officeDocument", target: address, isExternal: true }]),
          },
        ],
      }),
    ),
    file("a document part that the checks do not look at", "elsewhere.docx", ["document", "bomb", "damaged"], () =>
      buildDocx({
        body,
        more: [
          {
            name: "_rels/.rels",
            content: relationshipsXml([{ id: "rId1", type: "officeDocument", target: "other/main.xml" }]),
          },
          {
            name: "other/main.xml",
            content: `${laughs}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${docx.paragraph("&l10;")}</w:body></w:document>`,
          },
        ],
      }),
    ),
    file("macros", "macros.docm", ["document"], () =>
      buildDocx({ body, more: [{ name: "word/vbaProject.bin", content: Buffer.alloc(2000, "Sub AutoOpen") }] }),
    ),
    file("a book whose chapter is a file outside", "outside.epub", ["damaged"], () =>
      buildEpub({ chapters: { [`../../../../..${secretPath}`]: "" }, spine: [] }),
    ),
  ];
}

const textCell = (address: string, index: number) => `<c r="${address}" t="s"><v>${index}</v></c>`;

/** Wrong in what they say, though packed by the book. */
export const hostileOffice: readonly HostileFile[] = [
  file("tables nested 5,000 deep", "tables.docx", ["document", "bomb", "damaged"], () => {
    const open = "<w:tbl><w:tr><w:tc>".repeat(5000);
    return buildDocx({ body: `${open}${body}${"</w:tc></w:tr></w:tbl>".repeat(5000)}` });
  }),
  file("tables nested 40 deep", "tables-40.docx", ["document", "bomb", "damaged"], () => {
    const open = "<w:tbl><w:tr><w:tc>".repeat(40);
    return buildDocx({ body: `${open}${body}${"</w:tc></w:tr></w:tbl>".repeat(40)}` });
  }),
  file("half a million paragraphs", "paragraphs.docx", ["document", "bomb", "too-large", "memory-limit"], () =>
    buildDocx({ body: Array.from({ length: 500_000 }, (_, n) => `<w:p><w:r><w:t>${n}</w:t></w:r></w:p>`).join("") }),
  ),
  file("2^20 empty rows", "empty-rows.xlsx", ["document", "empty", "bomb"], () =>
    buildXlsx({
      One: `<dimension ref="A1:XFD1048576"/><sheetData>${'<row spans="1:2"/>'.repeat(2 ** 20)}</sheetData>`,
    }),
  ),
  file("two cells in the corners of the largest sheet", "corners.xlsx", ["document"], () =>
    buildXlsx(
      {
        One: `<dimension ref="A1:XFD1048576"/><sheetData><row r="1">${textCell("A1", 0)}</row><row r="1048576">${textCell("XFD1048576", 0)}</row></sheetData>`,
      },
      ["corner"],
    ),
  ),
  file("one long text in 100,000 cells", "shared.xlsx", ["document", "bomb", "output-limit"], () => {
    const rows = Array.from({ length: 100_000 }, (_, n) => `<row r="${n + 1}">${textCell(`A${n + 1}`, 0)}</row>`);
    return buildXlsx({ One: `<sheetData>${rows.join("")}</sheetData>` }, ["long ".repeat(100_000)]);
  }),
  file("a merged range over the whole sheet", "merged.xlsx", ["document"], () =>
    buildXlsx(
      {
        One: `<sheetData><row r="1">${textCell("A1", 0)}</row></sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>`,
      },
      ["merged"],
    ),
  ),
  file("400 sheets", "sheets.xlsx", ["document"], () =>
    buildXlsx(
      Object.fromEntries(
        Array.from({ length: 400 }, (_, n) => [
          `Sheet ${n}`,
          `<sheetData><row r="1">${textCell("A1", 0)}</row></sheetData>`,
        ]),
      ),
      ["one"],
    ),
  ),
  file("a cell repeated two thousand million times", "repeated.odt", ["document"], () =>
    buildOpenDocument(
      "text",
      `<table:table><table:table-row><table:table-cell table:number-columns-repeated="2000000000"><text:p>again</text:p></table:table-cell></table:table-row></table:table>`,
    ),
  ),
  file("lists nested 3,000 deep", "lists.odt", ["document", "bomb", "damaged"], () =>
    buildOpenDocument(
      "text",
      `${"<text:list><text:list-item>".repeat(3000)}<text:p>x</text:p>${"</text:list-item></text:list>".repeat(3000)}`,
    ),
  ),
  file("a spine that goes round", "round.epub", ["document"], () =>
    buildEpub({
      chapters: { "a.xhtml": "<p>One</p>", "b.xhtml": "<p>Two</p>" },
      spine: Array.from({ length: 20_000 }, (_, n) => (n % 2 === 0 ? "a.xhtml" : "b.xhtml")),
    }),
  ),
  file("a book without chapters", "none.epub", ["damaged", "empty"], () => buildEpub({ chapters: {} })),
  file("slides that are not there", "missing.pptx", ["document", "damaged"], () =>
    buildPptx([pptx.shape("One")], { order: [1, 2, 3] }),
  ),
  file("lone surrogates and zeros as character references", "surrogates.docx", ["document", "damaged"], () =>
    buildDocx({ body: docx.paragraph("a&#xD800;b&#0;c&#x1F600;d") }),
  ),
];
