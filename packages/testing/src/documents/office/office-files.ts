import { buildZip, type ZipPart } from "./build-zip.ts";

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const officeRels = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const packageRels = "http://schemas.openxmlformats.org/package/2006/relationships";

export interface Relationship {
  readonly id: string;
  /** Last part of the type's address: "image", "slide", "hyperlink". */
  readonly type: string;
  readonly target: string;
  readonly isExternal?: boolean;
}

export function relationshipsXml(relationships: readonly Relationship[]): string {
  const items = relationships.map(
    ({ id, type, target, isExternal }) =>
      `<Relationship Id="${id}" Type="${officeRels}/${type}" Target="${target}"${isExternal ? ' TargetMode="External"' : ""}/>`,
  );
  return `${declaration}<Relationships xmlns="${packageRels}">${items.join("")}</Relationships>`;
}

function contentTypes(overrides: Readonly<Record<string, string>>): ZipPart {
  const items = Object.entries(overrides).map(([part, type]) => `<Override PartName="${part}" ContentType="${type}"/>`);
  const content = `${declaration}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${items.join("")}</Types>`;
  return { name: "[Content_Types].xml", content };
}

const wordNamespaces = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="${officeRels}"`;
const wordType = "application/vnd.openxmlformats-officedocument.wordprocessingml";

export interface DocxParts {
  /** What stands inside of `w:body`. */
  readonly body: string;
  /** Before the document's root: a document type, for instance. */
  readonly prolog?: string;
  readonly relationships?: readonly Relationship[];
  /** More parts; one of the same name as a usual part stands in its place. */
  readonly more?: readonly ZipPart[];
}

/** A Word file with styles for headings 1 to 3 and one bulleted list. */
export function buildDocx({ body, prolog = "", relationships = [], more = [] }: DocxParts): Buffer {
  return buildZip(docxParts({ body, prolog, relationships, more }));
}

export function docxParts({ body, prolog = "", relationships = [], more = [] }: DocxParts): ZipPart[] {
  const headings = [1, 2, 3].map(
    (level) => `<w:style w:type="paragraph" w:styleId="Heading${level}"><w:name w:val="heading ${level}"/></w:style>`,
  );
  const bullet = `<w:numbering ${wordNamespaces}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>`;
  const usual: ZipPart[] = [
    contentTypes({
      "/word/document.xml": `${wordType}.document.main+xml`,
      "/word/styles.xml": `${wordType}.styles+xml`,
      "/word/numbering.xml": `${wordType}.numbering+xml`,
      "/word/footnotes.xml": `${wordType}.footnotes+xml`,
    }),
    {
      name: "_rels/.rels",
      content: relationshipsXml([{ id: "rId1", type: "officeDocument", target: "word/document.xml" }]),
    },
    {
      name: "word/_rels/document.xml.rels",
      content: relationshipsXml([
        { id: "rIdS", type: "styles", target: "styles.xml" },
        { id: "rIdN", type: "numbering", target: "numbering.xml" },
        { id: "rIdF", type: "footnotes", target: "footnotes.xml" },
        ...relationships,
      ]),
    },
    { name: "word/styles.xml", content: `${declaration}<w:styles ${wordNamespaces}>${headings.join("")}</w:styles>` },
    { name: "word/numbering.xml", content: `${declaration}${bullet}` },
    {
      name: "word/document.xml",
      content: `${declaration}${prolog}<w:document ${wordNamespaces}><w:body>${body}</w:body></w:document>`,
    },
  ];
  const replaced = new Set(more.map(({ name }) => name));
  return [...usual.filter(({ name }) => !replaced.has(name)), ...more];
}

export const docx = {
  paragraph: (text: string, properties = ""): string =>
    `<w:p><w:pPr>${properties}</w:pPr><w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`,
  heading: (level: number, text: string): string => docx.paragraph(text, `<w:pStyle w:val="Heading${level}"/>`),
  listItem: (text: string, depth = 0): string =>
    docx.paragraph(text, `<w:numPr><w:ilvl w:val="${depth}"/><w:numId w:val="1"/></w:numPr>`),
  table: (rows: readonly (readonly string[])[]): string =>
    `<w:tbl>${rows.map((row) => `<w:tr>${row.map((cell) => `<w:tc>${docx.paragraph(cell)}</w:tc>`).join("")}</w:tr>`).join("")}</w:tbl>`,
  footnotes: (notes: Readonly<Record<string, string>>): ZipPart => ({
    name: "word/footnotes.xml",
    content: `${declaration}<w:footnotes ${wordNamespaces}>${Object.entries(notes)
      .map(([id, text]) => `<w:footnote w:id="${id}">${docx.paragraph(text)}</w:footnote>`)
      .join("")}</w:footnotes>`,
  }),
};

/** A PowerPoint file; each slide is what stands inside of its `p:spTree`. `order` names the slide files as they are shown. */
export function buildPptx(
  slides: readonly string[],
  { order, notes = {} }: { order?: readonly number[]; notes?: Readonly<Record<number, string>> } = {},
): Buffer {
  const namespaces = `xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="${officeRels}"`;
  const shown = order ?? slides.map((_, index) => index + 1);
  return buildZip([
    contentTypes({
      "/ppt/presentation.xml": "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
    }),
    {
      name: "_rels/.rels",
      content: relationshipsXml([{ id: "rId1", type: "officeDocument", target: "ppt/presentation.xml" }]),
    },
    {
      name: "ppt/presentation.xml",
      content: `${declaration}<p:presentation ${namespaces}><p:sldIdLst>${shown.map((n) => `<p:sldId id="${255 + n}" r:id="rId${n}"/>`).join("")}</p:sldIdLst></p:presentation>`,
    },
    {
      name: "ppt/_rels/presentation.xml.rels",
      content: relationshipsXml(
        slides.map((_, index) => ({ id: `rId${index + 1}`, type: "slide", target: `slides/slide${index + 1}.xml` })),
      ),
    },
    ...slides.map((slide, index) => ({
      name: `ppt/slides/slide${index + 1}.xml`,
      content: `${declaration}<p:sld ${namespaces}><p:cSld><p:spTree>${slide}</p:spTree></p:cSld></p:sld>`,
    })),
    // Numbered in the order they were written, not as their slides.
    ...Object.entries(notes).flatMap(([slide, text], index) => [
      {
        name: `ppt/slides/_rels/slide${slide}.xml.rels`,
        content: relationshipsXml([
          { id: "rId1", type: "notesSlide", target: `../notesSlides/notesSlide${index + 1}.xml` },
        ]),
      },
      {
        name: `ppt/notesSlides/notesSlide${index + 1}.xml`,
        content: `${declaration}<p:notes ${namespaces}><p:cSld><p:spTree>${pptx.shape(text, "body")}</p:spTree></p:cSld></p:notes>`,
      },
    ]),
  ]);
}

export const pptx = {
  shape: (text: string, placeholder = "", level = 0): string =>
    `<p:sp><p:nvSpPr><p:nvPr>${placeholder === "" ? "" : `<p:ph type="${placeholder}"/>`}</p:nvPr></p:nvSpPr><p:txBody><a:p><a:pPr lvl="${level}"/><a:r><a:t>${text}</a:t></a:r></a:p></p:txBody></p:sp>`,
  table: (rows: readonly (readonly string[])[]): string =>
    `<p:graphicFrame><a:graphic><a:graphicData><a:tbl>${rows.map((row) => `<a:tr>${row.map((cell) => `<a:tc><a:txBody><a:p><a:r><a:t>${cell}</a:t></a:r></a:p></a:txBody></a:tc>`).join("")}</a:tr>`).join("")}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>`,
};

/** An Excel file of raw sheet XML: what stands inside of `worksheet`. Texts are shared strings. */
export function buildXlsx(
  sheets: Readonly<Record<string, string>>,
  sharedStrings: readonly string[] = [],
  more: readonly ZipPart[] = [],
): Buffer {
  const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const sheetType = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  const names = Object.keys(sheets);
  return buildZip([
    contentTypes({
      "/xl/workbook.xml": `${sheetType}.sheet.main+xml`,
      "/xl/sharedStrings.xml": `${sheetType}.sharedStrings+xml`,
      ...Object.fromEntries(
        names.map((_, index) => [`/xl/worksheets/sheet${index + 1}.xml`, `${sheetType}.worksheet+xml`]),
      ),
    }),
    {
      name: "_rels/.rels",
      content: relationshipsXml([{ id: "rId1", type: "officeDocument", target: "xl/workbook.xml" }]),
    },
    {
      name: "xl/workbook.xml",
      content: `${declaration}<workbook xmlns="${main}" xmlns:r="${officeRels}"><sheets>${names.map((name, index) => `<sheet name="${name}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`).join("")}</sheets></workbook>`,
    },
    {
      name: "xl/_rels/workbook.xml.rels",
      content: relationshipsXml([
        ...names.map((_, index) => ({
          id: `rId${index + 1}`,
          type: "worksheet",
          target: `worksheets/sheet${index + 1}.xml`,
        })),
        { id: "rIdS", type: "sharedStrings", target: "sharedStrings.xml" },
      ]),
    },
    {
      name: "xl/sharedStrings.xml",
      content: `${declaration}<sst xmlns="${main}">${sharedStrings.map((text) => `<si><t>${text}</t></si>`).join("")}</sst>`,
    },
    ...names.map((name, index) => ({
      name: `xl/worksheets/sheet${index + 1}.xml`,
      content: `${declaration}<worksheet xmlns="${main}">${sheets[name]}</worksheet>`,
    })),
    ...more,
  ]);
}
