import type { CountedGroup, CountedUnit } from "./pack-units.ts";
import type { Passage } from "./passage.ts";
import { contextOf, searchedText, shorterContext } from "./passage-context.ts";
import { splitLong } from "./split-long.ts";
import type { Group, Unit } from "./units.ts";

/** Counts the texts of a document, many in one call. */
export type CountTexts = (texts: readonly string[]) => Promise<readonly number[]>;

/** What goes before the passages under each row of headings, and its tokens. */
export interface Contexts {
  of(sections: readonly string[]): { readonly context: Passage["context"]; readonly tokens: number };
}

/** Titles and headings take at most a third of a passage; the outermost go first. */
export async function fitContexts(
  title: string,
  groups: readonly Group[],
  { maximumTokens, count }: { maximumTokens: number; count: CountTexts },
): Promise<Contexts> {
  const keyOf = (sections: readonly string[]) => JSON.stringify(sections);
  const fitted = new Map<string, { context: Passage["context"]; tokens: number }>();
  let open = new Map(groups.map(({ sections }) => [keyOf(sections), contextOf(title, sections)]));
  while (open.size > 0) {
    const waiting = [...open];
    const tokens = await count(waiting.map(([, context]) => searchedText({ context, text: "" })));
    open = new Map();
    for (const [index, [key, context]] of waiting.entries()) {
      const isEmpty = context.title === "" && context.sections.length === 0;
      const contextTokens = isEmpty ? 0 : (tokens[index] ?? 0);
      if (contextTokens * 3 <= maximumTokens) fitted.set(key, { context, tokens: contextTokens });
      else open.set(key, shorterContext(context));
    }
  }
  const none = { context: { title: "", sections: [] }, tokens: 0 };
  return { of: (sections) => fitted.get(keyOf(sections)) ?? none };
}

/** Joints between units cost a token now and then. */
const joints = 2;

/** Units with their tokens; those that are longer than the room of a passage are cut until they fit. */
export async function countGroups(
  groups: readonly Group[],
  contexts: Contexts,
  { maximumTokens, count }: { maximumTokens: number; count: CountTexts },
): Promise<CountedGroup[]> {
  const contextTokens = groups.map(({ sections }) => contexts.of(sections).tokens);
  let units = groups.map(({ units: of }) => of.map((unit) => ({ unit, tokens: null as number | null })));
  while (units.some((of) => of.some(({ tokens }) => tokens === null))) {
    const open = units.flat().filter(({ tokens }) => tokens === null);
    const counts = await count(open.map(({ unit }) => textOf(unit)));
    for (const [index, entry] of open.entries()) entry.tokens = counts[index] ?? 0;
    units = units.map((of, group) => {
      const room = maximumTokens - (contextTokens[group] ?? 0) - joints;
      return of.flatMap((entry) => (isTooLong(entry, room) ? cut(entry, room) : [entry]));
    });
  }
  return groups.map((group, index) => ({
    ...group,
    contextTokens: contextTokens[index] ?? 0,
    units: (units[index] ?? []).map(({ unit, tokens }) => ({ ...unit, tokens: tokens ?? 0 })),
  }));
}

/** Both halves by their estimated tokens; of a single unit, its pieces. */
export function halveUnits(units: readonly CountedUnit[]): CountedUnit[][] {
  const middle = Math.ceil(units.length / 2);
  const [only] = units;
  if (units.length > 1 || !only) return [units.slice(0, middle), units.slice(middle)];
  return splitLong(only, 0.5).map((piece) => {
    const share = (piece.end - piece.start) / (only.end - only.start);
    return [{ ...piece, tokens: Math.ceil(only.tokens * share) }];
  });
}

export function canBeCut({ block, start, end }: Unit): boolean {
  return (block.text.codePointAt(start) ?? 0) > 0xffff ? end - start > 2 : end - start > 1;
}

function isTooLong({ unit, tokens }: { unit: Unit; tokens: number | null }, room: number): boolean {
  return tokens !== null && tokens > room && canBeCut(unit);
}

function cut({ unit, tokens }: { unit: Unit; tokens: number | null }, room: number) {
  const pieces = splitLong(unit, (0.9 * room) / (tokens ?? room));
  return pieces.map((piece) => ({ unit: piece, tokens: null as number | null }));
}

function textOf({ block, start, end }: Unit): string {
  return block.text.slice(start, end);
}
