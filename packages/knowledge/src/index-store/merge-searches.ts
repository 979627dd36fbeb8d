import { searchedText } from "../chunk/passage-context.ts";
import { readQuestion } from "../retrieve/question-terms.ts";
import { rankPassages } from "../retrieve/rank-passages.ts";
import type { PassageSearch } from "./passage-index.ts";

/**
 * What several indexes found for the same question, as if one index had looked: scores of two searches cannot be
 * compared, so everything is ranked again by the figures of all of them together.
 */
export function mergeSearches(text: string, searches: readonly PassageSearch[], limit: number): PassageSearch {
  const [only] = searches;
  if (only && searches.length === 1) return { ...only, hits: only.hits.slice(0, limit) };
  const hits = searches.flatMap((search) => search.hits);
  const passages = searches.reduce((sum, search) => sum + search.passages, 0);
  const frequencies = addFrequencies(searches);
  const cosines = joinCosines(searches);
  const found = hits.map((hit) => ({
    ...{ searched: searchedText(hit), wordHit: hit.fullText, cosine: hit.vector, vector: null },
  }));
  const statistics = { passages, frequency: (key: string) => frequencies[key] ?? 0 };
  const { ranked, coverage } = rankPassages(readQuestion(text), found, { limit, diversity: 0, cosines, statistics });
  return {
    hits: ranked.flatMap(({ at, score, fullText, deviations }) => {
      const hit = hits[at];
      return hit ? [{ ...hit, score, fullText, deviations }] : [];
    }),
    ...{ passages, frequencies, coverage, cosines },
    ms: Math.max(0, ...searches.map(({ ms }) => ms)),
  };
}

function addFrequencies(searches: readonly PassageSearch[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const { frequencies } of searches)
    for (const [key, count] of Object.entries(frequencies)) sums.set(key, (sums.get(key) ?? 0) + count);
  return Object.fromEntries(sums);
}

/** Mean and deviation of all cosines, from those of the parts: each counts for as many passages as it has. */
function joinCosines(searches: readonly PassageSearch[]): PassageSearch["cosines"] {
  const parts = searches.flatMap(({ cosines, passages }) =>
    cosines && passages > 0 ? [{ ...cosines, passages }] : [],
  );
  if (parts.length === 0) return null;
  const count = parts.reduce((sum, part) => sum + part.passages, 0);
  const average = (of: (part: (typeof parts)[number]) => number) =>
    parts.reduce((sum, part) => sum + of(part) * part.passages, 0) / count;
  const mean = average((part) => part.mean);
  const square = average((part) => part.deviation ** 2 + part.mean ** 2);
  return { mean, deviation: Math.sqrt(Math.max(0, square - mean ** 2)) };
}
