import { diversify } from "./diversify.ts";
import { fuseScores } from "./fuse-scores.ts";
import type { QuestionTerms } from "./question-terms.ts";
import { scoreWords, type WordStatistics } from "./score-words.ts";

/** A passage that words or vectors found. */
export interface FoundPassage {
  /** Title, headings and text, as they are searched. */
  readonly searched: string;
  /** The index's own word score; null when its words did not find it. */
  readonly wordHit: number | null;
  readonly cosine: number | null;
  readonly vector: Float32Array | null;
}

export interface RankedPassage {
  /** Position among those given. */
  readonly at: number;
  readonly score: number;
  readonly fullText: number | null;
  readonly deviations: number | null;
}

export interface RankOptions {
  readonly limit: number;
  readonly diversity: number;
  readonly cosines: { readonly mean: number; readonly deviation: number } | null;
  readonly statistics: WordStatistics;
}

/** The same for every kind of index: what was found, in joint order. */
export function rankPassages(
  question: QuestionTerms,
  found: readonly FoundPassage[],
  { limit, diversity, cosines, statistics }: RankOptions,
): { readonly ranked: RankedPassage[]; readonly coverage: number } {
  const scored = scoreWords(
    question,
    found.map(({ searched }) => searched),
    statistics,
  );
  const words = scored.map((own, at) => {
    const hit = found[at]?.wordHit ?? null;
    return question.isLoose ? { score: hit ?? 0, coverage: hit === null ? 0 : 1 } : own;
  });
  const fused = fuseScores(
    found.map(({ cosine }, at) => ({ cosine, words: words[at] ?? { score: 0, coverage: 0 } })),
    cosines,
  );
  const ranked = fused.scores
    .map(({ score, words: share, deviations }, at) => ({ at, score, fullText: share > 0 ? share : null, deviations }))
    .sort((a, b) => b.score - a.score || a.at - b.at);
  if (diversity === 0) return { ranked: ranked.slice(0, limit), coverage: fused.coverage };
  const pool = ranked.slice(0, limit * 4);
  const order = diversify(
    pool.map(({ at, score }) => ({ score, vector: found[at]?.vector ?? null })),
    diversity,
    limit,
  );
  return { ranked: order.flatMap((position) => pool[position] ?? []), coverage: fused.coverage };
}
