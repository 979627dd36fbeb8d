import type { Statement, TextRange } from "@deskside/contract";
import { isAltered } from "./compare-wording.ts";
import type { SourceSentence } from "./source-sentences.ts";
import { distinctTerms, type TermStatistics, termWeight } from "./term-weights.ts";
import { findTerms, type Term } from "./terms.ts";

export interface StatementCheck {
  readonly support: Exclude<Statement["support"], "plain">;
  readonly citations: Statement["citations"];
  /** Numbers, codes and names no sentence of the sources holds; ranges within the statement. */
  readonly missing: readonly TextRange[];
}

export interface StatementContext {
  readonly sentences: readonly SourceSentence[];
  readonly statistics: TermStatistics;
  /** Keys of the question: repeating it proves nothing. */
  readonly asked: ReadonlySet<string>;
  /** Numbers of the sources the model named: they decide between equals. */
  readonly hinted: readonly number[];
  /** Likeness of the statement with each sentence, 0 to 1, where words cannot match: another language. Null without vectors. */
  readonly likeness: readonly number[] | null;
}

interface Carrier {
  readonly sentence: SourceSentence;
  readonly score: number;
  /** Share of what the statement adds to the question that this very sentence says. */
  readonly added: number;
  readonly lacks: readonly Term[];
}

/** A statement is carried from here on; below `partlyFrom` nothing supports it. */
const supportedFrom = 0.8;
const partlyFrom = 0.4;

/**
 * Looks for the sentence of the sources that says what the statement says. The value it adds to the question has to stand
 * in one sentence, next to the words it stands next to in the statement: a figure from another sentence proves nothing.
 */
export function checkStatement(statement: string, context: StatementContext): StatementCheck {
  const terms = distinctTerms(findTerms(statement));
  const everywhere = new Set(context.sentences.flatMap(({ keys, nearby }) => [...keys, ...nearby]));
  const missing = terms.filter((term) => isHard(term) && !everywhere.has(term.key));
  const ranges = missing.map(({ start, end }) => ({ start, end }));
  const carriers = context.sentences
    .map((sentence, index) => carry(statement, terms, sentence, context.likeness?.[index] ?? null, context))
    .sort((a, b) => b.score - a.score);
  const [best] = carriers;
  if (best === undefined || best.score < partlyFrom) return { support: "unsupported", citations: [], missing: ranges };
  const second = best.lacks.length > 0 ? carriers.find((other) => completes(best, other)) : undefined;
  const lacking = best.lacks.filter((term) => second === undefined || !second.sentence.keys.has(term.key));
  const citations = [best, ...(second === undefined ? [] : [second])].map(({ sentence }) => ({
    source: sentence.source,
    start: sentence.start,
    end: sentence.end,
  }));
  const isWhole =
    missing.length === 0 &&
    lacking.length === 0 &&
    best.score >= supportedFrom &&
    best.added >= 0.8 &&
    !(sameScript(statement, best.sentence.text) && isAltered(statement, best.sentence.text));
  return { support: isWhole ? "supported" : "partly", citations, missing: ranges };
}

/** Without it in the sources the statement cannot be true as it stands. */
function isHard(term: Term): boolean {
  return term.kind !== "word";
}

function carry(
  statement: string,
  terms: readonly Term[],
  sentence: SourceSentence,
  likeness: number | null,
  { statistics, asked, hinted }: StatementContext,
): Carrier {
  let weight = 0;
  let held = 0;
  let addedWeight = 0;
  let addedHeld = 0;
  const lacks: Term[] = [];
  const own = new Set(terms.map(({ key }) => key));
  for (const term of terms) {
    const worth = termWeight(term, statistics);
    const here = sentence.keys.has(term.key) && (term.kind !== "number" || sameNeighbour(statement, term, sentence));
    const near = sentence.nearby.has(term.key) && term.kind !== "number" && !hasRival(term, sentence, own);
    weight += worth;
    held += here ? worth : near ? 0.6 * worth : 0;
    if (!asked.has(term.key)) {
      addedWeight += worth;
      addedHeld += here ? worth : near ? 0.4 * worth : 0;
    }
    if (isHard(term) && !here && !near) lacks.push(term);
  }
  const words = weight === 0 ? 0 : held / weight;
  const hint = hinted.includes(sentence.source) ? 0.03 : 0;
  const added = addedWeight === 0 ? words : addedHeld / addedWeight;
  if (likeness === null || sameScript(statement, sentence.text)) return { sentence, lacks, added, score: words + hint };
  return { sentence, lacks, added: likeness, score: likeness + hint };
}

/** The sentence is about another part or person than the statement: what stands before it says nothing then. */
function hasRival(term: Term, sentence: SourceSentence, own: ReadonlySet<string>): boolean {
  return term.kind !== "word" && sentence.terms.some(({ kind, key }) => kind === term.kind && !own.has(key));
}

/** Chinese words never match English ones: there the vectors speak. */
function sameScript(statement: string, sentence: string): boolean {
  return /\p{Script=Han}/u.test(statement) === /\p{Script=Han}/u.test(sentence);
}

/** "308 points" is not carried by "24 interceptions, 308 yards": one of the words beside the number has to be the same. */
function sameNeighbour(statement: string, number: Term, sentence: SourceSentence): boolean {
  const unit = unitBehind(findTerms(statement), number);
  if (unit === null) return true;
  return sentence.terms.some((term, index) => {
    if (term.key !== number.key) return false;
    const around = sentence.terms.slice(Math.max(0, index - 4), index + 5);
    return around.some(({ key }) => key === unit.key) || sentence.keys.has(unit.key) === false;
  });
}

/** The word right behind a number, when it follows without a full stop or comma. */
function unitBehind(terms: readonly Term[], number: Term): Term | null {
  const next = terms.find(({ start }) => start >= number.end);
  return next !== undefined && next.kind === "word" && next.start - number.end <= 2 ? next : null;
}

/** Another sentence of the same source that holds what the best one lacks, about the same thing. */
function completes(best: Carrier, other: Carrier): boolean {
  return (
    other !== best &&
    other.sentence.source === best.sentence.source &&
    other.score >= partlyFrom / 2 &&
    best.lacks.every((term) => other.sentence.keys.has(term.key))
  );
}
