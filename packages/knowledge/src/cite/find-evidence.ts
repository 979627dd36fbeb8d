import { detectLanguage } from "@deskside/base";
import type { TextRange } from "@deskside/contract";
import { splitSentences } from "../chunk/split-sentences.ts";
import { distinctTerms, type TermStatistics, termWeight } from "./term-weights.ts";
import { findTerms } from "./terms.ts";

/** A passage that was found for a question. */
export interface FoundPassage {
  readonly text: string;
  /** Title and headings above it. */
  readonly context: string;
  /** Cosine of the question with this passage, in standard deviations above the mean of the searched passages; null without vectors. */
  readonly deviations: number | null;
}

/** The same figure for sentences of a passage, each on its own. */
export type SentenceDeviations = (passage: number, sentences: readonly string[]) => readonly (number | null)[];

export interface EvidenceSentence extends TextRange {
  /** Index into the passages. */
  readonly passage: number;
  readonly score: number;
}

export interface Evidence {
  /** Best first. */
  readonly sentences: readonly EvidenceSentence[];
  /** At or above `needed` the passages are likely to hold the answer. */
  readonly score: number;
  readonly needed: number;
  readonly isAnswerable: boolean;
}

/** Asks for a number or a time: a sentence without one that the question does not hold itself cannot be the answer. */
const asksForNumber =
  /\b(?:how (?:many|much|long|far|old|often|large|tall|high|big)|what (?:year|date|percent\w*|number|amount)|which year|when)\b|多少|几[个名次位年天岁种]|何时|什么时候|哪[一]?年|百分之几|多[久长大高远重]/i;

/** "How long", "how often": the second word asks, it is not looked for. */
const measure = /(?<=\bhow )(?:long|far|old|often|large|tall|high|big|deep|heavy|fast|wide|hot|early|late)\b/gi;

const asksForTime =
  /\b(?:when|(?:what|which) (?:year|date|day|month|century))\b|何时|什么时候|哪[一]?[年天月]|什么时间/i;
const tellsTime =
  /\d{4}|\b(?:century|centuries|january|february|march|april|may|june|july|august|september|october|november|december)\b|[\d一二三四五六七八九十][\s]*(?:年|月|日|世纪)/i;

/**
 * Which sentences answer a question, and whether the passages are likely to answer it at all. A sentence counts by the
 * share of the question's terms (by weight) it and its passage hold, and by how far its vector stands out.
 */
export function findEvidence(
  question: string,
  passages: readonly FoundPassage[],
  statistics: TermStatistics,
  sentenceDeviations: SentenceDeviations | null,
): Evidence {
  const asked = distinctTerms(findTerms(question.replaceAll(measure, " "))).map((term) => ({
    term,
    weight: termWeight(term, statistics),
  }));
  const total = asked.reduce((sum, { weight }) => sum + weight, 0) || 1;
  const cover = (keys: ReadonlySet<string>): number =>
    asked.reduce((sum, { term, weight }) => sum + (keys.has(term.key) ? weight : 0), 0) / total;
  const askedKeys = new Set(asked.map(({ term }) => term.key));
  const needsTime = asksForTime.test(question);
  const needsNumber = needsTime || asksForNumber.test(question);

  const count = statistics.passages;
  const sentences = passages.flatMap((passage, index) => {
    const whole = cover(keysOf(`${passage.context}\n${passage.text}`));
    const ranges = splitSentences(passage.text);
    const texts = ranges.map(({ start, end }) => passage.text.slice(start, end));
    const deviations = sentenceDeviations?.(index, texts) ?? texts.map(() => null);
    const isForeign = isOtherScript(question, passage.text);
    const hasVectors = passage.deviations !== null && sentenceDeviations !== null;
    const needed = isForeign ? neededAcross(count) : neededScore(question, count, hasVectors);
    const trusted = isForeign ? 1 : trustInDeviations(count);
    return ranges.map((range, at): ScoredSentence => {
      const terms = findTerms(texts[at] ?? "");
      const hasNumber =
        terms.some(({ kind, key }) => (kind === "number" || kind === "code") && !askedKeys.has(key)) &&
        (!needsTime || tellsTime.test(texts[at] ?? ""));
      const vectors = trusted * (0.12 * (deviations[at] ?? 0) + 0.05 * (passage.deviations ?? 0));
      const score = 0.5 * whole + 0.5 * cover(new Set(terms.map(({ key }) => key))) + vectors;
      return { ...range, passage: index, needed, score: score - (needsNumber && !hasNumber ? 0.15 : 0) };
    });
  });
  sentences.sort((a, b) => b.score - b.needed - (a.score - a.needed));
  const { score = 0, needed = neededScore(question, count, false) } = sentences[0] ?? {};
  return { sentences, score, needed, isAnswerable: score >= needed };
}

interface ScoredSentence extends EvidenceSentence {
  /** Depends on whether words can match at all. */
  readonly needed: number;
}

/** Chinese words are not in English passages, nor the other way round: only their vectors meet. */
function isOtherScript(question: string, text: string): boolean {
  const isChinese = (one: string) => detectLanguage(one) === "zh";
  return isChinese(question) !== isChinese(text);
}

/** A handful of passages has no spread to stand out from: there the words decide. */
const fewPassages = 25;

function trustInDeviations(passages: number): number {
  return Math.min(1, passages / fewPassages);
}

function keysOf(text: string): Set<string> {
  return new Set(findTerms(text).map(({ key }) => key));
}

/**
 * The more passages there are, the better the best wrong one looks: its deviation grows with √(2 ln n), the expected
 * largest of n normal values. Pairs of Chinese characters match less often than words, so less is asked there. The two
 * lines were set on half of the articles of XQuAD (sub-collections of 25, 60 and 120 passages) and checked on the others.
 */
function neededScore(question: string, passages: number, hasVectors: boolean): number {
  const isChinese = /\p{Script=Han}/u.test(question);
  const byWords = isChinese ? 0.42 : 0.54;
  if (!hasVectors) return byWords;
  const spread = spreadOf(Math.max(fewPassages, passages));
  const needed = isChinese ? 0.64 * spread - 0.95 : 0.72 * spread - 1.05;
  return byWords + trustInDeviations(passages) * (needed - byWords);
}

/** Across languages only vectors speak; set in the same way, to let four of five wrong ones not pass. */
function neededAcross(passages: number): number {
  return Math.max(0.25, 0.41 * spreadOf(Math.max(2, passages)) - 0.6);
}

function spreadOf(passages: number): number {
  return Math.sqrt(2 * Math.log(Math.min(1000, passages)));
}
