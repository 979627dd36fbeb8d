import { pageHeight, pageWidth, type PdfRun } from "./build-pdf.ts";
import { pdfTextWidth } from "./pdf-fonts.ts";

export interface PdfColumn {
  readonly x: number;
  /** Base line of the first line. */
  readonly y: number;
  readonly width: number;
  readonly size: number;
  /** From base line to base line; 1.25 sizes without it. */
  readonly leading?: number;
}

/** Lines at the same distance, one below the other. */
export function pdfLines(
  lines: readonly string[],
  { x, y, size, leading = size * 1.25 }: Omit<PdfColumn, "width">,
): PdfRun[] {
  return lines.map((text, index) => ({ text, x, y: y - index * leading, size }));
}

/** A text broken into lines at its spaces, as wide as the column. */
export function pdfParagraph(text: string, column: PdfColumn): PdfRun[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    const longer = `${last} ${word}`;
    if (last === undefined || pdfTextWidth(longer, column.size) > column.width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return pdfLines(lines, column);
}

/** A table as most programs draw it: cells are texts at places, nothing says that they belong together. */
export function pdfTable(
  rows: readonly (readonly string[])[],
  { columns, y, size, leading = size * 1.6 }: { columns: readonly number[]; y: number; size: number; leading?: number },
): PdfRun[] {
  return rows.flatMap((cells, row) =>
    cells.map((text, index) => ({ text, x: columns[index] ?? 0, y: y - row * leading, size })),
  );
}

/** A running title above and a page number below, as on every page of a report. */
export function pdfRunningLines(title: string, footer: string): PdfRun[] {
  const size = 9;
  return [
    { text: title, x: 56, y: pageHeight - 40, size },
    { text: footer, x: (pageWidth - pdfTextWidth(footer, size)) / 2, y: 32, size },
  ];
}
