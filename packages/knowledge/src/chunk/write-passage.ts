import type { Span } from "../document/document-schemas.ts";
import type { Passage } from "./passage.ts";
import type { Unit } from "./units.ts";

export type PassageText = Pick<Passage, "text" | "spans" | "kind">;

const listMark = /^\s*(?:[-*•·▪◦–]|\(?\p{L}?\d{0,3}[.)、）])\s*/u;

/** Puts units together as a person reads them, and carries the places of their text along. */
export function writePassage(units: readonly Unit[]): PassageText {
  let text = "";
  let spans: Span[] = [];
  const lengths = { text: 0, table: 0, list: 0, code: 0 };
  for (const [index, unit] of units.entries()) {
    const before = units[index - 1];
    const goesOn = before !== undefined && before.block === unit.block && before.end === unit.start;
    if (!goesOn) {
      text = text.trimEnd();
      spans = clip(spans, text.length);
      text += separatorOf(before, unit);
    }
    const raw = unit.block.text.slice(unit.start, unit.end);
    // Indentation of code says something, other white space in front does not.
    const skipped = goesOn ? 0 : ((unit.block.kind === "code" ? /^(?:[ \t]*\n)*/ : /^\s*/).exec(raw)?.[0].length ?? 0);
    addSpans(spans, unit, unit.start + skipped, text.length);
    text += raw.slice(skipped);
    lengths[kindOf(unit)] += raw.length;
  }
  const end = text.trimEnd().length;
  const kind = (["text", "table", "list", "code"] as const).reduce((a, b) => (lengths[b] > lengths[a] ? b : a));
  return { text: text.slice(0, end), spans: clip(spans, end), kind };
}

function kindOf({ block }: Unit): Passage["kind"] {
  if (block.kind === "list-item") return "list";
  return block.kind === "table" || block.kind === "code" ? block.kind : "text";
}

function separatorOf(before: Unit | undefined, { block, start }: Unit): string {
  // The middle of an item needs no mark of its own.
  const isItem = block.kind === "list-item" && block.text.slice(0, start).trim() === "";
  const mark = isItem && !listMark.test(block.text) ? `${"  ".repeat(Math.min(block.depth, 8))}- ` : "";
  if (!before) return mark;
  const isSameList = block.kind === "list-item" && before.block.kind === "list-item";
  return (isSameList || before.block === block ? "\n" : "\n\n") + mark;
}

function addSpans(spans: Span[], { block, end }: Unit, start: number, at: number): void {
  for (const span of block.spans) {
    const from = Math.max(span.start, start);
    const to = Math.min(span.end, end);
    if (from < to) spans.push({ start: at + from - start, end: at + to - start, place: span.place });
  }
}

function clip(spans: readonly Span[], end: number): Span[] {
  return spans.filter(({ start }) => start < end).map((span) => (span.end > end ? { ...span, end } : span));
}
