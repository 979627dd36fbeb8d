import type { Grounding, Source, TextRange } from "@deskside/contract";

export interface Citation {
  readonly statement: number;
  readonly source: Source;
  /** Within the text of the source. */
  readonly range: TextRange;
}

/** The sentences an answer stands on, in the answer's order; one that carries two statements counts once. */
export function citationsOf({ statements, sources }: Grounding): Citation[] {
  const bySentence = new Map<string, Citation>();
  for (const [statement, { citations }] of statements.entries()) {
    for (const { source: n, start, end } of citations) {
      const source = sources.find((one) => one.n === n);
      const key = `${n} ${start}`;
      if (source && !bySentence.has(key)) bySentence.set(key, { statement, source, range: { start, end } });
    }
  }
  return [...bySentence.values()];
}
