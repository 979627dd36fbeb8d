import {
  BorderStyle,
  Document,
  HeadingLevel,
  type IParagraphOptions,
  Packer,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
} from "docx";
import type { CitedAnswer } from "./cited-answer.ts";
import type { ExportWords } from "./export-words.ts";
import type { ExportBlock, ExportRun } from "./read-blocks.ts";

const grey = "6B6B6B";
const amber = "9A5B00";
const headings = [HeadingLevel.HEADING_2, HeadingLevel.HEADING_3, HeadingLevel.HEADING_4] as const;
/** Word takes the second of the pair for Chinese. */
const font = { ascii: "Calibri", hAnsi: "Calibri", eastAsia: "Microsoft YaHei" };
const monospace = "Consolas";

/** A Word file: the question as its title, the answer with its numbers, the quoted sentences at the end. */
export async function writeDocx(answer: CitedAnswer, words: ExportWords): Promise<Blob> {
  const children = [
    new Paragraph({ heading: HeadingLevel.HEADING_1, children: [run({ text: words.title })] }),
    ...answer.blocks.flatMap(describeBlock(words)),
    ...(answer.quotes.length === 0
      ? []
      : [new Paragraph({ heading: HeadingLevel.HEADING_2, children: [run({ text: words.sources })] })]),
    ...answer.quotes.flatMap((quote) => [
      new Paragraph({
        spacing: { before: 120 },
        children: [run({ text: `[${quote.n}] ${words.placeOf(quote)}`, bold: true })],
      }),
      new Paragraph({ indent: { left: 360 }, children: [run({ text: quote.text, italic: true })] }),
    ]),
    new Paragraph({
      spacing: { before: 240 },
      children: [new TextRun({ text: words.facts, font, color: grey, size: 18 })],
    }),
  ];
  const document = new Document({
    creator: "Deskside",
    title: words.title,
    styles: { default: { document: { run: { font, size: 22 } } } },
    sections: [{ children }],
  });
  return await Packer.toBlob(document);
}

const describeBlock =
  (words: ExportWords) =>
  (block: ExportBlock): (Paragraph | Table)[] => {
    if (block.kind === "table") return [tableOf(block.rows, words), new Paragraph({})];
    if (block.kind === "code")
      return block.text
        .split("\n")
        .map((line) => new Paragraph({ children: [new TextRun({ text: line, font: monospace, size: 20 })] }));
    const mark = block.kind === "item" ? [run({ text: block.number === null ? "•\t" : `${block.number}.\t` })] : [];
    return [
      new Paragraph({ ...styleOf(block), children: [...mark, ...block.runs.flatMap((one) => runs(one, words))] }),
    ];
  };

function styleOf(block: Exclude<ExportBlock, { kind: "table" | "code" }>): IParagraphOptions {
  switch (block.kind) {
    case "heading":
      return { heading: headings[Math.min(block.level, headings.length) - 1] ?? HeadingLevel.HEADING_4 };
    case "quote":
      return {
        indent: { left: 360 },
        border: { left: { style: BorderStyle.SINGLE, size: 12, space: 8, color: grey } },
      };
    case "item":
      // Numbers as the answer wrote them: Word's own would begin anew or go on as it likes.
      return { indent: { left: 360 * (block.depth + 1), hanging: 360 }, spacing: { after: 60 } };
    default:
      return { spacing: { after: 120 } };
  }
}

function tableOf(rows: Extract<ExportBlock, { kind: "table" }>["rows"], words: ExportWords): Table {
  return new Table({
    width: { size: 100, type: WidthType.PERCENTAGE },
    rows: rows.map(
      (cells, index) =>
        new TableRow({
          tableHeader: index === 0,
          children: cells.map(
            (cell) =>
              new TableCell({
                children: [
                  new Paragraph({
                    children: cell.flatMap((one) => runs(index === 0 ? { ...one, bold: true } : one, words)),
                  }),
                ],
              }),
          ),
        }),
    ),
  });
}

function runs(one: ExportRun, words: ExportWords): TextRun[] {
  if (one.cite === "number") return [new TextRun({ text: `[${one.text}]`, font, superScript: true })];
  if (one.cite === "unsupported") return [new TextRun({ text: ` (${words.unsupported})`, font, color: amber })];
  return one.text.split("\n").map((text, index) => run({ ...one, text }, index > 0));
}

function run({ text, bold, italic, code, cite }: ExportRun, breaks = false): TextRun {
  return new TextRun({
    text,
    font: code ? monospace : font,
    ...(bold ? { bold } : {}),
    ...(italic ? { italics: true } : {}),
    ...(cite === "missing" ? { color: amber, underline: {} } : {}),
    ...(breaks ? { break: 1 } : {}),
  });
}
