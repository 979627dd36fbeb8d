import { writeZip } from "./write-zip.ts";

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const officeRelations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const sheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

export interface Section {
  readonly heading: string;
  readonly paragraphs: readonly string[];
}

/** A Word file of headings and paragraphs. Texts hold nothing that XML would have to escape. */
export function writeDocx(sections: readonly Section[]): Buffer {
  const body = sections
    .flatMap(({ heading, paragraphs }) => [
      wordParagraph(heading, '<w:pStyle w:val="Heading1"/>'),
      ...paragraphs.map((text) => wordParagraph(text, "")),
    ])
    .join("");
  const style = '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style>';
  return writePackage("word/document.xml", "wordprocessingml.document.main", [
    ["word/document.xml", `<w:document xmlns:w="${word}"><w:body>${body}</w:body></w:document>`],
    ["word/styles.xml", `<w:styles xmlns:w="${word}">${style}</w:styles>`],
    ["word/_rels/document.xml.rels", relations([["styles", "styles.xml"]])],
  ]);
}

function wordParagraph(text: string, properties: string): string {
  return `<w:p><w:pPr>${properties}</w:pPr><w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;
}

/** An Excel file of one sheet. */
export function writeXlsx(rows: readonly (readonly (string | number)[])[]): Buffer {
  const data = rows
    .map((cells, index) => {
      const row = index + 1;
      const written = cells.map((cell, column) => {
        const at = `${String.fromCharCode(65 + column)}${row}`;
        if (typeof cell === "number") return `<c r="${at}"><v>${cell}</v></c>`;
        return `<c r="${at}" t="inlineStr"><is><t>${cell}</t></is></c>`;
      });
      return `<row r="${row}">${written.join("")}</row>`;
    })
    .join("");
  const book = `<workbook xmlns="${sheet}" xmlns:r="${officeRelations}"><sheets><sheet name="Items" sheetId="1" r:id="rId1"/></sheets></workbook>`;
  return writePackage("xl/workbook.xml", "spreadsheetml.sheet.main", [
    ["xl/workbook.xml", book],
    ["xl/worksheets/sheet1.xml", `<worksheet xmlns="${sheet}"><sheetData>${data}</sheetData></worksheet>`],
    ["xl/_rels/workbook.xml.rels", relations([["worksheet", "worksheets/sheet1.xml"]])],
  ]);
}

function writePackage(main: string, type: string, parts: readonly (readonly [string, string])[]): Buffer {
  const types = [
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>',
    '<Default Extension="xml" ContentType="application/xml"/>',
    `<Override PartName="/${main}" ContentType="application/vnd.openxmlformats-officedocument.${type}+xml"/>`,
  ].join("");
  const all: readonly (readonly [string, string])[] = [
    [
      "[Content_Types].xml",
      `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">${types}</Types>`,
    ],
    ["_rels/.rels", relations([["officeDocument", main]])],
    ...parts,
  ];
  return writeZip(all.map(([name, text]) => [name, declaration + text] as const));
}

function relations(targets: readonly (readonly [type: string, target: string])[]): string {
  const items = targets.map(
    ([type, target], index) =>
      `<Relationship Id="rId${index + 1}" Type="${officeRelations}/${type}" Target="${target}"/>`,
  );
  return `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${items.join("")}</Relationships>`;
}
