import { cutAfter, type Unit } from "./units.ts";

/** Where a text that is too long is cut, best first: lines, clauses, words; where none is left, between any two characters. */
const marks: readonly RegExp[] = [/\n+/g, /[，、；：,;:](?=\D)\s*/g, /\s+/g];

/**
 * Pieces of about `share` of the unit, cut where it hurts least. Together they are the unit, which is longer than one
 * character.
 */
export function splitLong(unit: Unit, share: number): Unit[] {
  const text = unit.block.text.slice(unit.start, unit.end);
  const size = Math.max(1, Math.floor(text.length * Math.min(0.75, share)));
  return merge(finest(text, size, 0), size).map(({ start, end }) => ({
    block: unit.block,
    start: unit.start + start,
    end: unit.start + end,
  }));
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Parts not longer than `size`, each cut at the best mark that makes it so. */
function finest(text: string, size: number, level: number): Range[] {
  const mark = marks[level];
  if (text.length <= size) return [{ start: 0, end: text.length }];
  if (!mark) return cutEvenly(text, size);
  return cutAfter(text, mark).flatMap(({ start, end }) =>
    end - start <= size
      ? [{ start, end }]
      : finest(text.slice(start, end), size, level + 1).map((range) => ({
          start: start + range.start,
          end: start + range.end,
        })),
  );
}

function merge(parts: readonly Range[], size: number): Range[] {
  const merged: Range[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (last && part.end - last.start <= size) merged[merged.length - 1] = { start: last.start, end: part.end };
    else merged.push(part);
  }
  return merged;
}

function cutEvenly(text: string, size: number): Range[] {
  const ranges: Range[] = [];
  for (let start = 0; start < text.length; ) {
    const end = Math.min(start + size, text.length);
    // Both halves of a character outside the basic plane stay together.
    const isHalf = /[\uD800-\uDBFF]/.test(text[end - 1] ?? "") && /[\uDC00-\uDFFF]/.test(text[end] ?? "");
    ranges.push({ start, end: isHalf ? end + 1 : end });
    start = isHalf ? end + 1 : end;
  }
  return ranges;
}
