import { splitSentences } from "../chunk/split-sentences.ts";
import { findTerms } from "../cite/terms.ts";
import { pairKey, type QuestionTerms } from "./question-terms.ts";

/** BM25's usual constants: how quickly repetition saturates, and how much length counts. */
const saturation = 1.2;
const lengthShare = 0.75;

export interface WordStatistics {
  readonly passages: number;
  /** Mean number of terms of a passage; of those at hand. */
  frequency(key: string): number;
}

export interface WordScore {
  /** BM25, plus what the best single sentence has of the question, plus neighbouring terms found as neighbours. */
  readonly score: number;
  /** Share of the question, by weight, that the passage has. */
  readonly coverage: number;
}

/** Terms of a text as they follow each other, counted as a whole and by sentence. */
interface TextTerms {
  readonly counts: ReadonlyMap<string, number>;
  readonly pairs: ReadonlySet<string>;
  readonly sentences: readonly ReadonlySet<string>[];
  readonly length: number;
}

/**
 * How well texts answer a question by its words. The three parts are all sums of inverse document frequencies and
 * weigh the same: passages that repeat the words, that say them in one breath, and that say them in the same order.
 */
export function scoreWords(question: QuestionTerms, texts: readonly string[], statistics: WordStatistics): WordScore[] {
  const read = texts.map(readText);
  const mean = read.reduce((sum, { length }) => sum + length, 0) / Math.max(1, read.length);
  const weights = new Map(
    question.terms.map(({ key }) => [key, weigh(statistics.passages, statistics.frequency(key))]),
  );
  const mass = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const share = createShare(question, weights);
  const pairWeights = weighPairs(question, read, statistics.passages);
  return read.map((text) => {
    let score = 0;
    for (const [key, weight] of weights)
      score += weight * saturate(text.counts.get(key) ?? 0, text.length / Math.max(1, mean));
    for (const [pair, weight] of pairWeights) if (text.pairs.has(pair)) score += weight;
    const best = text.sentences.reduce((most, keys) => Math.max(most, share(keys)), 0);
    return { score: score + mass * best, coverage: share(text.counts) };
  });
}

function weigh(passages: number, found: number): number {
  return Math.log(1 + (Math.max(passages, found) - found + 0.5) / (found + 0.5));
}

function saturate(count: number, relativeLength: number): number {
  if (count === 0) return 0;
  return (count * (saturation + 1)) / (count + saturation * (1 - lengthShare + lengthShare * relativeLength));
}

function createShare({ units }: QuestionTerms, weights: ReadonlyMap<string, number>) {
  const weighed = units.map(({ keys }) => ({ keys, weight: Math.max(0, ...keys.map((key) => weights.get(key) ?? 0)) }));
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0);
  return (has: { has(key: string): boolean }): number => {
    let found = 0;
    for (const { keys, weight } of weighed) if (keys.some((key) => has.has(key))) found += weight;
    return total === 0 ? 0 : found / total;
  };
}

/** Nobody counts neighbours over the whole index; among the texts at hand they are more frequent, hence weigh less. */
function weighPairs({ pairs }: QuestionTerms, texts: readonly TextTerms[], passages: number): Map<string, number> {
  const weights = new Map<string, number>();
  for (const pair of pairs) {
    const found = texts.reduce((count, text) => count + (text.pairs.has(pair) ? 1 : 0), 0);
    if (found > 0) weights.set(pair, weigh(passages, found));
  }
  return weights;
}

function readText(text: string): TextTerms {
  const terms = findTerms(text);
  const counts = new Map<string, number>();
  const pairs = new Set<string>();
  for (const [index, { key }] of terms.entries()) {
    counts.set(key, (counts.get(key) ?? 0) + 1);
    const next = terms[index + 1];
    if (next) pairs.add(pairKey(key, next.key));
  }
  let at = 0;
  const sentences = splitSentences(text).map(({ end }) => {
    const keys = new Set<string>();
    for (let term = terms[at]; term && term.start < end; term = terms[++at]) keys.add(term.key);
    return keys;
  });
  return { counts, pairs, sentences, length: terms.length };
}
