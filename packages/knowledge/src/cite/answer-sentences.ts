import type { TextRange } from "@deskside/contract";
import { splitSentences } from "../chunk/split-sentences.ts";

export interface AnswerSentence extends TextRange {
  /** Numbers in square brackets the model put there: a hint, not a fact. */
  readonly hinted: readonly number[];
  /** Nothing that could be looked up: a heading, a lead-in, a question, code. */
  readonly isPlain: boolean;
}

const marks = /\[(\d{1,3})\]|【(\d{1,3})】/g;
const fence = /^ {0,3}(?:```|~~~)/;

/** The statements of an answer written in Markdown: sentences, list items, rows of a table. Ascending, within their line. */
export function answerSentences(answer: string): AnswerSentence[] {
  const found: AnswerSentence[] = [];
  let inCode = false;
  let start = 0;
  for (const line of answer.split("\n")) {
    if (fence.test(line)) inCode = !inCode;
    else if (!inCode) found.push(...sentencesOfLine(answer, start, line));
    start += line.length + 1;
  }
  return joinHints(answer, found);
}

function sentencesOfLine(answer: string, offset: number, line: string): AnswerSentence[] {
  const lead = /^\s*(?:(?:[-*+•]|\d{1,3}[.)、]|>|#{1,6}|\|)\s*)*/.exec(line)?.[0] ?? "";
  const body = line.slice(lead.length);
  if (body.trim() === "" || /^[\s|:-]+$/.test(body)) return [];
  const isHeading = lead.includes("#") || /^\*\*[^*]+\*\*[:：]?\s*$/.test(body);
  const ranges = lead.includes("|") ? [{ start: 0, end: body.length }] : splitSentences(body);
  return ranges.map(({ start, end }) => {
    const at = offset + lead.length;
    const text = answer.slice(at + start, at + end);
    const hinted = [...text.matchAll(marks)].map((match) => Number(match[1] ?? match[2]));
    return { ...trimmed(answer, at + start, at + end), hinted, isPlain: isHeading || isLeadIn(text) };
  });
}

function isLeadIn(text: string): boolean {
  const bare = text.replaceAll(marks, "").trim();
  return /[?？:：]$/.test(bare) || !/[\p{L}\p{N}]/u.test(bare);
}

function trimmed(text: string, start: number, end: number): TextRange {
  const slice = text.slice(start, end);
  const lead = slice.length - slice.trimStart().length;
  return { start: start + lead, end: start + Math.max(lead, slice.trimEnd().length) };
}

/** "…24 months. [2]": a mark that stands alone belongs to the sentence before it. */
function joinHints(answer: string, sentences: readonly AnswerSentence[]): AnswerSentence[] {
  const joined: AnswerSentence[] = [];
  for (const sentence of sentences) {
    const before = joined.at(-1);
    const bare = answer.slice(sentence.start, sentence.end).replaceAll(marks, "");
    if (before !== undefined && sentence.hinted.length > 0 && !/[\p{L}\p{N}]/u.test(bare))
      joined[joined.length - 1] = { ...before, end: sentence.end, hinted: [...before.hinted, ...sentence.hinted] };
    else joined.push(sentence);
  }
  return joined;
}

/** The statement without its marks, each replaced by spaces: positions stay. */
export function withoutMarks(text: string): string {
  return text.replaceAll(marks, (mark) => " ".repeat(mark.length));
}
