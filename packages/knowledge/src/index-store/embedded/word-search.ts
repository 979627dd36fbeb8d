import type { KnowledgeStore, PassageRange } from "@deskside/storage";
import type { QuestionTerm } from "../../retrieve/question-terms.ts";

export interface WordMatches {
  /** By BM25, best first, over all ranges. */
  readonly hits: readonly { passage: number; score: number }[];
  /** Passages that contain each term, by its key; counting stops at `mostCounted`. */
  readonly frequencies: ReadonlyMap<string, number>;
}

/** A term in more passages than this tells little about which one is meant; they are not all counted. */
export const mostCounted = 20_000;
/** Passages that may be ranked for one question: it bounds the time, whatever the size of the index. */
const mostRanked = 30_000;

/**
 * Looks for the rarest terms first and leaves out the most frequent ones where they would make FTS5 rank a great part
 * of a large index: those still count when the passages found are scored. If all are frequent, all have to be there.
 */
export function searchWords(
  { passages }: KnowledgeStore,
  terms: readonly QuestionTerm[],
  ranges: readonly PassageRange[],
  limit: number,
): WordMatches {
  const counted = terms.map((term) => ({
    ...term,
    found: ranges.reduce((sum, range) => sum + passages.countMatches(term.expression, range, mostCounted), 0),
  }));
  const frequencies = new Map(counted.map(({ key, found }) => [key, found]));
  const rarestFirst = counted.filter(({ found }) => found > 0).sort((a, b) => a.found - b.found);
  if (rarestFirst.length === 0) return { hits: [], frequencies };
  const chosen = chooseTerms(rarestFirst);
  const anyOf = chosen.map(({ expression }) => `(${expression})`).join(" OR ");
  const find = (expression: string) =>
    ranges
      .flatMap((range) => passages.match(expression, range, limit))
      .map(({ seq, score }) => ({ passage: seq, score }))
      .sort((a, b) => b.score - a.score)
      .slice(0, limit);
  if (chosen.length > 0) return { hits: find(anyOf), frequencies };
  for (const together of [4, 2]) {
    const hits = find(
      rarestFirst
        .slice(0, together)
        .map(({ expression }) => `(${expression})`)
        .join(" AND "),
    );
    if (hits.length > 0) return { hits, frequencies };
  }
  return { hits: [], frequencies };
}

/** Rarest terms while what they find is few enough to be ranked. */
export function chooseTerms<T extends { readonly found: number }>(rarestFirst: readonly T[]): T[] {
  const chosen: T[] = [];
  let ranked = 0;
  for (const term of rarestFirst) {
    if (ranked + term.found > mostRanked || term.found >= mostCounted) break;
    ranked += term.found;
    chosen.push(term);
  }
  return chosen;
}
