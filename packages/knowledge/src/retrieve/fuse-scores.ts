export interface Candidate {
  /** Cosine with the question; null without a vector. */
  readonly cosine: number | null;
  readonly words: { readonly score: number; readonly coverage: number };
}

export interface FusedScore {
  readonly score: number;
  /** Share of the best word score among the candidates. */
  readonly words: number;
  readonly deviations: number | null;
}

/**
 * One score from words and vectors. Cosines count in standard deviations above the mean of everything searched. The best
 * word score is worth as much as the best cosine, times the share of the question that the best passage contains: where
 * languages differ nothing is contained, and vectors decide alone. No constant is fitted to questions.
 */
export function fuseScores(
  candidates: readonly Candidate[],
  cosines: { readonly mean: number; readonly deviation: number } | null,
): { readonly scores: FusedScore[]; readonly coverage: number } {
  const deviations = candidates.map(({ cosine }) =>
    cosine === null || cosines === null ? null : (cosine - cosines.mean) / Math.max(cosines.deviation, 1e-9),
  );
  const bestWords = candidates.reduce((best, { words }) => Math.max(best, words.score), 0);
  const coverage = candidates.reduce((most, { words }) => Math.max(most, words.coverage), 0);
  const known = deviations.filter((value) => value !== null);
  // Without vectors the words decide alone, whatever their weight.
  const weight = known.length === 0 ? 1 : Math.max(0, ...known) * coverage;
  const scores = candidates.map(({ words }, index) => {
    const share = bestWords === 0 ? 0 : words.score / bestWords;
    const own = deviations[index] ?? null;
    // One that has no vector yet is taken to be average, so that it is neither preferred nor lost.
    return { score: (own ?? 0) + weight * share, words: share, deviations: own };
  });
  return { scores, coverage };
}
