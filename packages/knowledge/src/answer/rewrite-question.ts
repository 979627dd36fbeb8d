import { distinctTerms } from "../cite/term-weights.ts";
import { findTerms } from "../cite/terms.ts";

/** A question that leans on the one before it. */
const leans =
  /^(?:and|what about|how about|why|also|then)\b|\b(?:it|its|they|them|their|this|that|these|those|he|she|his|her|there|the (?:same|former|latter|first|second|other))\b|^(?:那|那么|还有|另外|然后)|它|他们|她们|其(?!中|他|实|余)|这个|那个|这些|那些|该|前者|后者|上述/i;

/** Fewer terms than this ask nothing by themselves. */
const enoughTerms = 2;

/**
 * The question with what it leans on: "And how long does it last?" after "What is the warranty of the X200?" is searched
 * together with the earlier question's own terms. Null: it stands by itself. No model is asked, so nothing is made up.
 */
export function rewriteQuestion(question: string, earlier: readonly string[]): string | null {
  const before = earlier.at(-1);
  if (before === undefined) return null;
  const own = distinctTerms(findTerms(question));
  if (own.length >= enoughTerms && !leans.test(question.trim())) return null;
  const keys = new Set(own.map(({ key }) => key));
  const isNew = distinctTerms(findTerms(before)).some(({ key }) => !keys.has(key));
  return isNew ? `${before.trim()} ${question.trim()}` : null;
}
