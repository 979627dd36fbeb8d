import { distinctTerms } from "../cite/term-weights.ts";
import { findTerms, type Term } from "../cite/terms.ts";
import { wordExpression } from "./index-words.ts";

export interface QuestionTerm {
  readonly key: string;
  /** How the index is asked for it. */
  readonly expression: string;
}

/** A part of the question that is either in a passage or not: a term, or one Chinese character with the pairs it is in. */
export interface QuestionUnit {
  readonly keys: readonly string[];
}

export interface QuestionTerms {
  readonly terms: readonly QuestionTerm[];
  readonly units: readonly QuestionUnit[];
  /** Neighbouring terms, as `pairKey` writes them. */
  readonly pairs: readonly string[];
  /** True when the terms are not what texts are split into (function words, one Chinese character): only the index knows. */
  readonly isLoose: boolean;
}

/** What to look for. A question of function words alone ("The Who") is looked up word by word. */
export function readQuestion(question: string): QuestionTerms {
  const found = findTerms(question);
  const terms = distinctTerms(found).flatMap((term) => {
    const surface = question.slice(term.start, term.end);
    const written = wordExpression(surface);
    const plain = term.kind === "number" ? wordExpression(term.key) : null;
    const ways = [...new Set([written, plain].filter((way) => way !== null))];
    return ways.length === 0 ? [] : [{ key: term.key, expression: ways.join(" OR ") }];
  });
  if (terms.length > 0) {
    const isLoose = terms.every(({ key }) => /^\p{Script=Han}$/u.test(key));
    return { terms, units: readUnits(found), pairs: neighbours(found), isLoose };
  }
  const words = question.match(/[\p{L}\p{N}]+/gu) ?? [];
  return {
    terms: [...new Set(words)].flatMap((word) => {
      const expression = wordExpression(word);
      return expression === null ? [] : [{ key: word.toLowerCase(), expression }];
    }),
    units: words.map((word) => ({ keys: [word.toLowerCase()] })),
    pairs: [],
    isLoose: true,
  };
}

/** Pairs of characters straddle words, so what a passage has of a Chinese question is told by characters. */
function readUnits(terms: readonly Term[]): QuestionUnit[] {
  const units = new Map<string, Set<string>>();
  const add = (unit: string, key: string) => void units.set(unit, (units.get(unit) ?? new Set()).add(key));
  for (const { key, kind, start, end } of terms) {
    if (kind === "word" && /^\p{Script=Han}{1,2}$/u.test(key)) for (let at = start; at < end; at++) add(`@${at}`, key);
    else add(key, key);
  }
  return [...units.values()].map((keys) => ({ keys: [...keys] }));
}

function neighbours(terms: readonly Term[]): string[] {
  return [...new Set(terms.slice(1).map((term, index) => pairKey(terms[index]?.key ?? "", term.key)))];
}

export function pairKey(first: string, second: string): string {
  return `${first}\u0000${second}`;
}
