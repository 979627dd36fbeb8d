import type { Block, Place, Span } from "../../document/document-schemas.ts";
import { splitHeader, tableBlock } from "../text/block-builder.ts";
import type { PdfLine } from "./page-lines.ts";

/** The usual size of text in the document: what is larger is a heading. */
export function usualSize(lines: readonly Pick<PdfLine, "size" | "text">[]): number {
  const weights = new Map<number, number>();
  for (const { size, text } of lines) {
    const rounded = Math.round(size * 2000) / 2000;
    weights.set(rounded, (weights.get(rounded) ?? 0) + text.length);
  }
  return [...weights].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0.012;
}

const bullet =
  /^(?:[•▪■●◦–-]|\(?\d{1,2}[.)、]|[a-z][.)]|[（(][一二三四五六七八九十\d]{1,2}[)）]|[一二三四五六七八九十]{1,2}、)\s*\S/;

/** Blocks of one page from its lines: headings by size, paragraphs by distance, tables by aligned cells. */
export function pageBlocks(lines: readonly PdfLine[], page: number, usual: number): Block[] {
  const blocks: Block[] = [];
  for (let index = 0; index < lines.length; ) {
    const table = tableAt(lines, index, page);
    if (table !== null) {
      blocks.push(table.block);
      index += table.lines;
      continue;
    }
    const group = paragraphAt(lines, index, usual);
    const block = toBlock(group, page, usual);
    if (block !== null) blocks.push(block);
    index += group.length;
  }
  return blocks;
}

function placeOf({ box }: PdfLine, page: number): Place {
  return { kind: "page", page, boxes: [box] };
}

/** Three lines or more with as many cells, standing under each other. */
function tableAt(lines: readonly PdfLine[], from: number, page: number): { block: Block; lines: number } | null {
  const columns = lines[from]?.cells.length ?? 0;
  if (columns < 2) return null;
  let to = from + 1;
  while (to < lines.length && isSameGrid(lines[from], lines[to])) to++;
  if (to - from < 3) return null;
  const rows = lines
    .slice(from, to)
    .map((line) => ({ cells: line.cells.map(({ text }) => text), place: placeOf(line, page) }));
  const { header, rows: body } = splitHeader(rows);
  const block = tableBlock(header, body);
  return block === null ? null : { block, lines: to - from };
}

function isSameGrid(first: PdfLine | undefined, other: PdfLine | undefined): boolean {
  if (!first || !other || other.cells.length !== first.cells.length) return false;
  const aligned = other.cells.filter(({ x }, index) => Math.abs(x - (first.cells[index]?.x ?? 0)) < 0.06).length;
  return aligned >= Math.ceil(first.cells.length / 2);
}

function paragraphAt(lines: readonly PdfLine[], from: number, usual: number): PdfLine[] {
  const first = lines[from];
  if (!first) return [];
  const group = [first];
  for (let index = from + 1; index < lines.length; index++) {
    const [before, next] = [lines[index - 1], lines[index]];
    if (!before || !next || isBreak(before, next, usual) || tableStarts(lines, index)) break;
    group.push(next);
  }
  return group;
}

function tableStarts(lines: readonly PdfLine[], index: number): boolean {
  const line = lines[index];
  return (
    line !== undefined &&
    line.cells.length > 1 &&
    isSameGrid(line, lines[index + 1]) &&
    isSameGrid(line, lines[index + 2])
  );
}

function isBreak(before: PdfLine, next: PdfLine, usual: number): boolean {
  const gap = next.box.y - (before.box.y + before.box.height);
  const size = Math.max(before.size, next.size, 1e-6);
  if (Math.abs(before.size - next.size) > 0.15 * size) return true;
  // Upwards: the next column. It goes on with the sentence, if the sentence goes on.
  if (gap < -2 * size) return /[.!?。！？:：]["”’」)）]*$/.test(before.text);
  if (gap > 0.9 * size || bullet.test(next.text)) return true;
  const isHeading = next.size > usual * 1.15;
  return (
    !isHeading &&
    next.box.x - before.box.x > 1.2 * size &&
    before.box.x + before.box.width < next.box.x + next.box.width - 4 * size
  );
}

function toBlock(group: readonly PdfLine[], page: number, usual: number): Block | null {
  const [first] = group;
  if (!first) return null;
  const joined = joinLines(group, page);
  if (joined.text === "") return null;
  if (first.size > usual * 1.15 && joined.text.length <= 200)
    return { kind: "heading", level: first.size > usual * 1.6 ? 1 : first.size > usual * 1.3 ? 2 : 3, ...joined };
  if (bullet.test(first.text)) return { kind: "list-item", depth: 0, ...joined };
  return { kind: "paragraph", ...joined };
}

/** Lines of a paragraph as one text; a word that was cut at a line's end is whole again. */
function joinLines(lines: readonly PdfLine[], page: number) {
  // Joined at the end: a paragraph may have a hundred thousand lines, and looking at a growing text copies it.
  const parts: string[] = [];
  const spans: Span[] = [];
  let length = 0;
  for (const line of lines) {
    if (line.text === "") continue;
    const before = parts.at(-1) ?? "";
    const isCut = /\p{L}[-\u00ad]$/u.test(before) && /^\p{Ll}/u.test(line.text);
    const last = spans.at(-1);
    if (isCut && last) {
      parts[parts.length - 1] = before.slice(0, -1);
      length -= 1;
      spans[spans.length - 1] = { ...last, end: length };
    }
    const isHan = /[\p{Script=Han}，。；：、）」』]$/u.test(before) && /^[\p{Script=Han}（「『]/u.test(line.text);
    const separator = before === "" || isCut || isHan ? "" : " ";
    const start = length + separator.length;
    parts.push(separator, line.text);
    length = start + line.text.length;
    spans.push({ start, end: length, place: placeOf(line, page) });
  }
  return { text: parts.join(""), spans };
}
