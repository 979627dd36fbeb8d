import type { Term, TermKind } from "./terms.ts";

/** Documents that contain a term, and how many there are: from the index, or from the passages at hand. */
export interface TermStatistics {
  readonly passages: number;
  frequency(key: string): number;
}

/** A figure or a part number says more than a word: without it the sentence is about something else. */
const kindWeight: Readonly<Record<TermKind, number>> = { number: 1.5, code: 2, name: 1.3, word: 1 };

/** Inverse document frequency (BM25's), times what the kind of term is worth. Always above zero. */
export function termWeight(term: Term, statistics: TermStatistics): number {
  const found = statistics.frequency(term.key);
  return kindWeight[term.kind] * Math.log(1 + (statistics.passages - found + 0.5) / (found + 0.5));
}

/** Counts over texts that are at hand. */
export function countTerms(termSets: readonly ReadonlySet<string>[]): TermStatistics {
  const counts = new Map<string, number>();
  for (const keys of termSets) for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return { passages: termSets.length, frequency: (key) => counts.get(key) ?? 0 };
}

/** One entry for each key; the first one found stands for all. */
export function distinctTerms(terms: readonly Term[]): Term[] {
  const byKey = new Map<string, Term>();
  for (const term of terms) if (!byKey.has(term.key)) byKey.set(term.key, term);
  return [...byKey.values()];
}
