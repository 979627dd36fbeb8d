import type { Statement } from "@deskside/contract";
import { answerSentences, withoutMarks } from "./answer-sentences.ts";
import { checkStatement } from "./check-statement.ts";
import { type SourceText, sourceSentences } from "./source-sentences.ts";
import { countTerms, type TermStatistics } from "./term-weights.ts";
import { findTerms } from "./terms.ts";

export interface AnswerToCheck {
  readonly question: string;
  /** Markdown as the model wrote it. */
  readonly answer: string;
  readonly sources: readonly SourceText[];
  /** Of the collection; null: counted over the sources' sentences. */
  readonly statistics: TermStatistics | null;
  /** Cosine-like likeness, calibrated to 0…1, of each statement with each sentence; null without vectors. */
  readonly likeness: ((statements: readonly string[], sentences: readonly string[]) => Promise<number[][]>) | null;
}

export interface CheckedAnswer {
  readonly statements: Statement[];
  /** The model said in so many words that the sources are silent. */
  readonly saysNothingFound: boolean;
}

const silent =
  /(?:sources?|documents?|passages?|texts?)\b[^.]{0,40}\b(?:do(?:es)?\s*(?:not|n['’]t)|did\s*not|(?:is|are)\s+silent)|(?:not\s+(?:mentioned|stated|specified|provided|found|contained)\b[^.]{0,30}\b(?:sources?|documents?|passages?|text))|no\s+(?:information|mention|answer)\b|(?:资料|文档|来源|文件|原文)[^。]{0,12}(?:没有|未|不)(?:提到|提及|说明|包含|给出|写明|涉及|记载|找到|说)|(?:没有|未)(?:找到|提到|提及)/i;

/** Every statement of an answer with what carries it. The model's own numbers are a hint only. */
export async function checkAnswer({
  question,
  answer,
  sources,
  statistics,
  likeness,
}: AnswerToCheck): Promise<CheckedAnswer> {
  const sentences = sourceSentences(sources);
  const known = statistics ?? countTerms(sentences.map(({ keys }) => keys));
  const asked = new Set(findTerms(question).map(({ key }) => key));
  const parts = answerSentences(answer).map((part) => ({
    ...part,
    text: withoutMarks(answer.slice(part.start, part.end)),
  }));
  const isSilent = parts.map(({ text }) => silent.test(text));
  const toCheck = parts.filter((part, index) => !part.isPlain && !isSilent[index] && findTerms(part.text).length > 0);
  const alike = await likeness?.(
    toCheck.map(({ text }) => text),
    sentences.map(({ text }) => text),
  );
  const statements = parts.map((part): Statement => {
    const { start, end } = part;
    const position = toCheck.indexOf(part);
    if (position < 0) return { start, end, support: "plain", citations: [], missing: [] };
    const context = {
      question,
      sentences,
      statistics: known,
      asked,
      hinted: part.hinted,
      likeness: alike?.[position] ?? null,
    };
    const { support, citations, missing } = checkStatement(part.text, context);
    const shifted = missing.map((range) => ({ start: range.start + start, end: range.end + start }));
    return { start, end, support, citations, missing: shifted };
  });
  return { statements, saysNothingFound: isSilent.some(Boolean) };
}
