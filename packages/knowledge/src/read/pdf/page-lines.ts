import type { Box } from "../../document/document-schemas.ts";

/** A piece of text as pdf.js gives it, in page fractions. */
export interface PdfItem {
  readonly text: string;
  readonly box: Box;
  /** Of the font, as a fraction of the page's height. */
  readonly size: number;
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
  const shown = items.filter(({ text }) => text.trim() !== "");
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

/**
 * The middle of a vertical strip in the middle of the page that most rows leave free while they have text on both
 * sides; of all such strips the one that fewest rows cross: lines end unevenly, and only the gutter is free of all.
 */
function findGutter(rows: readonly PdfItem[][]): number | null {
  if (rows.length < 8) return null;
  let fewest = Math.floor(rows.length * 0.2);
  let found: number[] = [];
  for (let x = 0.35; x <= 0.65; x += 0.01) {
    let [both, crossed] = [0, 0];
    for (const row of rows) {
      if (isCrossed(row, x)) crossed++;
      else if (row.some(({ box }) => box.x < x) && row.some(({ box }) => box.x >= x)) both++;
    }
    if (both < rows.length * 0.4 || crossed > fewest || !isProse(rows, x)) continue;
    if (crossed < fewest) found = [];
    fewest = crossed;
    found.push(x);
  }
  return found[Math.floor(found.length / 2)] ?? null;
}

function isCrossed(row: readonly PdfItem[], x: number): boolean {
  return row.some(({ box }) => box.x < x - columnGap / 2 && box.x + box.width > x + columnGap / 2);
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
  const groups: PdfItem[][][] = [];
  let [left, right]: [PdfItem[][], PdfItem[][]] = [[], []];
  for (const row of rows) {
    if (isCrossed(row, gutter)) {
      groups.push(left, right, [row]);
      [left, right] = [[], []];
      continue;
    }
    const [first, second] = [row.filter(({ box }) => box.x < gutter), row.filter(({ box }) => box.x >= gutter)];
    if (first.length > 0) left.push(first);
    if (second.length > 0) right.push(second);
  }
  return [...groups, left, right].flat();
}

/** A row may have a hundred thousand pieces: nothing here looks at what is joined already. */
function toLine(row: readonly PdfItem[]): PdfLine {
  const cells: { pieces: string[]; x: number }[] = [];
  let [left, top, bottom, size] = [1, 1, 0, 0];
  let end = Number.NEGATIVE_INFINITY;
  let before = "";
  for (const item of row) {
    const gap = (item.box.x - end) / Math.max(item.size, 1e-6);
    const last = cells.at(-1);
    if (!last || gap > cellGap * 0.7) cells.push({ pieces: [item.text], x: item.box.x });
    else last.pieces.push(needsSpace(before, item.text, gap) ? ` ${item.text}` : item.text);
    before = item.text;
    end = Math.max(end, item.box.x + item.box.width);
    left = Math.min(left, item.box.x);
    top = Math.min(top, item.box.y);
    bottom = Math.max(bottom, item.box.y + item.box.height);
    size = Math.max(size, item.size);
  }
  const texts = cells.map(({ pieces, x }) => ({ text: pieces.join("").replaceAll(/\s+/g, " ").trim(), x }));
  const box = { x: left, y: top, width: Math.max(0, end - left), height: Math.max(0, bottom - top) };
  return { text: texts.map(({ text }) => text).join(" "), box, size, cells: texts };
}

/** Chinese is written without spaces, whatever the gaps of its glyphs. */
function needsSpace(before: string, after: string, gap: number): boolean {
  if (before === "" || /\s$/.test(before) || /^\s/.test(after)) return false;
  const isHan = (char: string) => /[\p{Script=Han}\u3000-\u303f\uff00-\uffef]/u.test(char);
  if (isHan(before.at(-1) ?? "") && isHan(after[0] ?? "")) return false;
  return gap > 0.18;
}
