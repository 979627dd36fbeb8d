import type { PersonalDataKind } from "@deskside/contract";
import type { Span } from "../document/document-schemas.ts";
import { findPersonalData } from "./find-personal-data.ts";
import type { ScrubState } from "./scrub-state.ts";

/** `text.slice(start, end)` was replaced by `length` characters. Ascending, not overlapping. */
export interface Replacement {
  readonly kind: PersonalDataKind;
  readonly start: number;
  readonly end: number;
  readonly length: number;
}

export interface ScrubbedText {
  readonly text: string;
  readonly replacements: readonly Replacement[];
}

/** The text with every value of the state's kinds replaced by its label. */
export function scrubText(text: string, state: ScrubState): ScrubbedText {
  const found = findPersonalData(text, state.kinds);
  if (found.length === 0) return { text, replacements: [] };
  const parts: string[] = [];
  const replacements: Replacement[] = [];
  let at = 0;
  for (const { kind, start, end, value } of found) {
    const label = state.labelOf(kind, value);
    parts.push(text.slice(at, start), label);
    replacements.push({ kind, start, end, length: label.length });
    at = end;
  }
  parts.push(text.slice(at));
  return { text: parts.join(""), replacements };
}

/** How often each kind was replaced. */
export function countKinds(
  replacements: readonly Pick<Replacement, "kind">[],
): Partial<Record<PersonalDataKind, number>> {
  const counts: Partial<Record<PersonalDataKind, number>> = {};
  for (const { kind } of replacements) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/**
 * Places of the scrubbed text. A label belongs to the place where the value began; what is left of the others keeps
 * theirs.
 */
export function moveSpans(spans: readonly Span[], replacements: readonly Replacement[]): Span[] {
  const move = createMover(replacements);
  const moved: Span[] = [];
  let last = 0;
  for (const span of spans) {
    const start = Math.max(last, move(span.start));
    const end = move(span.end);
    if (end <= start) continue;
    moved.push({ ...span, start, end });
    last = end;
  }
  return moved;
}

/** New positions of ascending old ones; one inside of a replaced value moves to the end of its label. */
function createMover(replacements: readonly Replacement[]): (position: number) => number {
  let passed = 0;
  let shift = 0;
  return (position) => {
    let next = replacements[passed];
    while (next && next.end <= position) {
      shift += next.length - (next.end - next.start);
      passed += 1;
      next = replacements[passed];
    }
    return next && next.start < position ? next.start + shift + next.length : position + shift;
  };
}
