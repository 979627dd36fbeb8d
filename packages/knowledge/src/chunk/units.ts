import type { Block, ParsedDocument } from "../document/document-schemas.ts";
import type { Passage } from "./passage.ts";
import { splitSentences } from "./split-sentences.ts";

/** A slice of a block that is not cut unless it is too long alone: a sentence, a table row, some lines of code. */
export interface Unit {
  readonly block: Block;
  readonly start: number;
  readonly end: number;
}

/** What stays together where it can: a heading, a paragraph, a list, a table, a listing. */
export interface Group {
  readonly kind: Passage["kind"];
  readonly isHeading: boolean;
  /** Headings above it, outermost first; those of a heading do not hold itself. */
  readonly sections: readonly string[];
  readonly units: readonly Unit[];
}

const kinds = { heading: "text", paragraph: "text", "list-item": "list", code: "code", table: "table" } as const;

/** The document's blocks in reading order; those without text are left out. */
export function findGroups({ blocks }: ParsedDocument): Group[] {
  const groups: (Group & { readonly units: Unit[] })[] = [];
  const open: { level: number; text: string }[] = [];
  let before: Block | undefined;
  for (const block of blocks) {
    if (!/\S/.test(block.text)) continue;
    if (block.kind === "heading") while ((open.at(-1)?.level ?? 0) >= block.level) open.pop();
    const units = unitsOf(block);
    const last = groups.at(-1);
    if (block.kind === "list-item" && before?.kind === "list-item" && last) {
      for (const unit of units) last.units.push(unit);
    } else {
      const sections = open.map(({ text }) => text);
      groups.push({ kind: kinds[block.kind], isHeading: block.kind === "heading", sections, units });
    }
    if (block.kind === "heading") open.push({ level: block.level, text: block.text.replace(/\s+/g, " ").trim() });
    before = block;
  }
  return groups;
}

function unitsOf(block: Block): Unit[] {
  const ranges = block.kind === "heading" ? [{ start: 0, end: block.text.length }] : rangesOf(block);
  return ranges
    .filter(({ start, end }) => /\S/.test(block.text.slice(start, end)))
    .map(({ start, end }) => ({ block, start, end }));
}

function rangesOf({ kind, text }: Block): { start: number; end: number }[] {
  if (kind === "table") return cutAfter(text, /\n/g);
  if (kind === "code") return cutAfter(text, /\n(?:[ \t]*\n)+/g);
  return splitSentences(text);
}

/** Cuts behind each match; together the pieces are the whole text. */
export function cutAfter(text: string, mark: RegExp): { start: number; end: number }[] {
  const ends = [...text.matchAll(mark)].map((match) => match.index + match[0].length);
  if (ends.at(-1) !== text.length) ends.push(text.length);
  return ends.map((end, index) => ({ start: ends[index - 1] ?? 0, end }));
}
