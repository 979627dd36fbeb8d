import type { Box } from "../../document/document-schemas.ts";

/** A piece of text as pdf.js gives it, in page fractions. */
export interface PdfItem {
  readonly text: string;
  readonly box: Box;
  /** Of the font, as a fraction of the page's height. */
  readonly size: number;
  readonly isRotated: boolean;
}

/** What stands on one visual line of one column. */
export interface PdfLine {
  readonly text: string;
  readonly box: Box;
  readonly size: number;
  /** Widest gap within, in sizes of the font: cells of a table stand apart. */
  readonly cells: readonly { readonly text: string; readonly x: number }[];
}

/** Farther apart than this, in font sizes, and two pieces are not of the same sentence. */
const cellGap = 1.6;
const columnGap = 0.03;

/** Lines in reading order: columns from left to right, each from top to bottom. */
export function pageLines(items: readonly PdfItem[]): PdfLine[] {
  const shown = items.filter(({ text, isRotated }) => text.trim() !== "" && !isRotated);
  const rows = groupRows(shown);
  const gutter = findGutter(rows);
  if (gutter === null) return rows.map(toLine);
  return readInColumns(rows, gutter).map(toLine);
}

/** Pieces whose middles are at the same height. */
function groupRows(items: readonly PdfItem[]): PdfItem[][] {
  const sorted = [...items].sort((a, b) => middle(a) - middle(b));
  const rows: PdfItem[][] = [];
  for (const item of sorted) {
    const row = rows.at(-1);
    const [first] = row ?? [];
    if (row && first && Math.abs(middle(first) - middle(item)) < 0.5 * Math.max(first.size, item.size)) row.push(item);
    else rows.push([item]);
  }
  for (const row of rows) row.sort((a, b) => a.box.x - b.box.x);
  return rows;
}

function middle({ box }: PdfItem): number {
  return box.y + box.height / 2;
}

/** A vertical strip in the middle of the page that most rows leave free while they have text on both sides. */
function findGutter(rows: readonly PdfItem[][]): number | null {
  const long = rows.filter((row) => row.length > 0);
  if (long.length < 8) return null;
  for (let x = 0.35; x <= 0.65; x += 0.01) {
    let [both, crossed] = [0, 0];
    for (const row of long) {
      const isCrossed = row.some(({ box }) => box.x < x - columnGap / 2 && box.x + box.width > x + columnGap / 2);
      if (isCrossed) crossed++;
      else if (row.some(({ box }) => box.x < x) && row.some(({ box }) => box.x >= x)) both++;
    }
    if (both >= long.length * 0.4 && crossed <= long.length * 0.2 && isProse(long, x)) return x;
  }
  return null;
}

/** Columns of a table are short; columns of prose fill most of their width. */
function isProse(rows: readonly PdfItem[][], x: number): boolean {
  const widths = rows.flatMap((row) => {
    const left = row.filter(({ box }) => box.x < x);
    const first = left[0];
    const last = left.at(-1);
    return first && last ? [last.box.x + last.box.width - first.box.x] : [];
  });
  const typical = widths.sort((a, b) => a - b)[Math.floor(widths.length / 2)] ?? 0;
  return typical > 0.25;
}

/** A row across the gutter ends the columns above it: headings and full-width paragraphs. */
function readInColumns(rows: readonly PdfItem[][], gutter: number): PdfItem[][] {
  const ordered: PdfItem[][] = [];
  let [left, right]: [PdfItem[][], PdfItem[][]] = [[], []];
  const flush = () => {
    ordered.push(...left, ...right);
    [left, right] = [[], []];
  };
  for (const row of rows) {
    const crosses = row.some(({ box }) => box.x < gutter - columnGap / 2 && box.x + box.width > gutter + columnGap / 2);
    if (crosses) {
      flush();
      ordered.push(row);
      continue;
    }
    const [first, second] = [row.filter(({ box }) => box.x < gutter), row.filter(({ box }) => box.x >= gutter)];
    if (first.length > 0) left.push(first);
    if (second.length > 0) right.push(second);
  }
  flush();
  return ordered;
}

function toLine(row: readonly PdfItem[]): PdfLine {
  const cells: { text: string; x: number }[] = [];
  let end = Number.NEGATIVE_INFINITY;
  let text = "";
  for (const item of row) {
    const gap = (item.box.x - end) / Math.max(item.size, 1e-6);
    const last = cells.at(-1);
    if (!last || gap > cellGap * 0.7) {
      cells.push({ text: item.text.trim(), x: item.box.x });
      text = text === "" ? item.text : `${text.trimEnd()} ${item.text}`;
    } else {
      const joint = needsSpace(text, item.text, gap) ? " " : "";
      last.text = `${last.text}${joint}${item.text}`.replaceAll(/\s+/g, " ");
      text += joint + item.text;
    }
    end = Math.max(end, item.box.x + item.box.width);
  }
  const x = Math.min(...row.map(({ box }) => box.x));
  const y = Math.min(...row.map(({ box }) => box.y));
  const box = {
    ...{ x, y, width: end - x },
    height: Math.max(...row.map((item) => item.box.y + item.box.height)) - y,
  };
  const size = Math.max(...row.map((item) => item.size));
  return { text: text.replaceAll(/\s+/g, " ").trim(), box, size, cells };
}

/** Chinese is written without spaces, whatever the gaps of its glyphs. */
function needsSpace(before: string, after: string, gap: number): boolean {
  if (before === "" || /\s$/.test(before) || /^\s/.test(after)) return false;
  const isHan = (char: string) => /[\p{Script=Han}\u3000-\u303f\uff00-\uffef]/u.test(char);
  if (isHan(before.at(-1) ?? "") && isHan(after[0] ?? "")) return false;
  return gap > 0.18;
}
