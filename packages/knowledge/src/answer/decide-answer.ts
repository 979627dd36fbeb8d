import type { Grounding, Statement, TextRange } from "@deskside/contract";
import type { CheckedAnswer } from "../cite/check-answer.ts";
import type { Evidence, EvidenceSentence } from "../cite/find-evidence.ts";
import { findTerms } from "../cite/terms.ts";

/** `low`: a model so small that its sentence counts only where it agrees with what the passages say best. */
export type Trust = "low" | "normal";

export interface Candidate {
  readonly question: string;
  readonly answer: string;
  readonly trust: Trust;
  /** The model had everything before it, not what a search chose: "summarise this" has an answer, too. */
  readonly sawAll: boolean;
  readonly evidence: Evidence;
  readonly checked: CheckedAnswer;
  /** `source` number of each passage the evidence points into; null: it was left out of the prompt. */
  readonly sourceOf: (passage: number) => number | null;
}

/** How far above what is needed the evidence has to be before it outweighs a capable model that found nothing. */
const strongBy = 0.25;

/** What is shown: the model's words, the passages themselves, or that the documents do not say. */
export function decideAnswer(candidate: Candidate): Grounding["verdict"] {
  const { evidence, checked, trust } = candidate;
  const carried = checked.statements.filter(({ support }) => support === "supported");
  const checkable = checked.statements.filter(({ support }) => support !== "plain");
  if (trust === "low") {
    if (!evidence.isAnswerable) return "not-in-documents";
    return !checked.saysNothingFound && agrees(candidate) ? "answered" : "extract";
  }
  if (candidate.sawAll && !checked.saysNothingFound && checkable.length > 0) return "answered";
  if (checked.saysNothingFound && carried.length === 0)
    return evidence.score >= evidence.needed + strongBy ? "extract" : "not-in-documents";
  if (carried.length > 0) return "answered";
  if (!evidence.isAnswerable) return "not-in-documents";
  return checkable.some(({ support }) => support === "partly") ? "answered" : "extract";
}

/** Every statement is supported, stands where the question points, and says something the question does not. */
function agrees({ question, answer, evidence, checked, sourceOf }: Candidate): boolean {
  const checkable = checked.statements.filter(({ support }) => support !== "plain");
  if (checkable.length === 0 || checkable.some(({ support }) => support !== "supported")) return false;
  const best = evidence.sentences.slice(0, 2);
  const asked = new Set(findTerms(question).map(({ key }) => key));
  return checkable.every(
    (statement) =>
      best.some((sentence) => standsOn(statement, sentence, sourceOf)) &&
      findTerms(answer.slice(statement.start, statement.end).replaceAll(/\[\d+\]/g, " ")).some(
        ({ key }) => !asked.has(key),
      ),
  );
}

function standsOn(statement: Statement, sentence: EvidenceSentence, sourceOf: Candidate["sourceOf"]): boolean {
  const source = sourceOf(sentence.passage);
  return statement.citations.some((citation) => citation.source === source && overlaps(citation, sentence));
}

function overlaps(a: TextRange, b: TextRange): boolean {
  return a.start < b.end && b.start < a.end;
}
