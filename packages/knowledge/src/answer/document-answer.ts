import { detectLanguage } from "@deskside/base";
import type { Grounding, Retrieval, Scope, Source } from "@deskside/contract";
import { splitSentences } from "../chunk/split-sentences.ts";
import { checkAnswer } from "../cite/check-answer.ts";
import { type Evidence, type EvidenceSentence, findEvidence } from "../cite/find-evidence.ts";
import { type ChosenSources, chooseSources, type PromptSource, wholeSources } from "./choose-sources.ts";
import { decideAnswer, type Trust } from "./decide-answer.ts";
import { extractAnswer } from "./extract-answer.ts";
import type { Retrieved, RetrievedPassage } from "./retrieved.ts";

export interface DocumentAnswerOptions {
  readonly scope: Scope;
  readonly trust: Trust;
  /** Most tokens that sources may take in the prompt, and the count of a text by the answering model. */
  readonly sourceTokens: number;
  readonly countTokens: (text: string) => Promise<number>;
  readonly signal: AbortSignal;
}

export interface ConcludedAnswer {
  readonly text: string;
  readonly grounding: Grounding;
}

/** One answer over documents: what goes into the prompt, and what is shown of what the model wrote. */
export interface DocumentAnswer {
  /** Numbered from 1, as the prompt shows them; empty: the model need not be asked. */
  readonly sources: readonly PromptSource[];
  /** Takes the model's answer, or null when it was not asked. */
  conclude(answer: string | null, signal: AbortSignal): Promise<ConcludedAnswer>;
}

/** Passages looked at for evidence; the rest is for the inspector. */
const examined = 6;
/** Sentences of an answer that is taken from the passages themselves. */
const quotedSentences = 2;
const quotedWithin = 0.3;

export async function createDocumentAnswer(
  retrieved: Retrieved,
  options: DocumentAnswerOptions,
): Promise<DocumentAnswer> {
  const evidence = await weigh(retrieved, options.signal);
  const isHopeless = options.trust === "low" && !evidence.isAnswerable;
  // A small model loses its way in a whole document.
  const all =
    retrieved.whole === null || options.trust === "low"
      ? null
      : await wholeSources(retrieved.passages, retrieved.whole, options);
  const chosen = all ?? (await chooseSources(retrieved.passages, evidence, options));
  return {
    sources: isHopeless ? [] : chosen.prompt,
    conclude: (answer, signal) =>
      conclude(answer, { retrieved, evidence, chosen, sawAll: all !== null, options, signal }),
  };
}

async function weigh(
  { question, rewritten, passages, statistics, sentenceDeviations }: Retrieved,
  signal: AbortSignal,
): Promise<Evidence> {
  const looked = passages.slice(0, examined);
  const sentences = looked.map(({ text }) => splitSentences(text).map(({ start, end }) => text.slice(start, end)));
  const flat = sentenceDeviations === null ? null : await sentenceDeviations(sentences.flat(), signal);
  let offset = 0;
  const byPassage = sentences.map((list) => {
    const part = flat?.slice(offset, offset + list.length) ?? null;
    offset += list.length;
    return part;
  });
  return findEvidence(
    rewritten ?? question,
    looked,
    statistics,
    flat === null ? null : (index) => byPassage[index] ?? [],
  );
}

interface Conclusion {
  readonly retrieved: Retrieved;
  readonly evidence: Evidence;
  readonly chosen: ChosenSources;
  readonly sawAll: boolean;
  readonly options: DocumentAnswerOptions;
  readonly signal: AbortSignal;
}

async function conclude(
  answer: string | null,
  { retrieved, evidence, chosen, sawAll, options, signal }: Conclusion,
): Promise<ConcludedAnswer> {
  const { passages, statistics, likeness } = retrieved;
  const question = retrieved.rewritten ?? retrieved.question;
  const sourceOf = (passage: number): number | null => chosen.numberOf(passage);
  const checked = await checkAnswer({
    ...{ question, answer: answer ?? "", statistics },
    sources: chosen.sources.map(({ n, passage }) => ({ n, text: passage.text, context: passage.context })),
    likeness: likeness && ((statements, sentences) => likeness(statements, sentences, signal)),
  });
  const verdict =
    answer === null
      ? "not-in-documents"
      : decideAnswer({ question, answer, trust: options.trust, sawAll, evidence, checked, sourceOf });
  const sources = chosen.sources.map(({ n, passage }) => toSource(n, passage));
  const base = { scope: options.scope, verdict, sources, retrieval: reportOf(retrieved, evidence, chosen) };
  if (verdict === "not-in-documents") return { text: silentText(question), grounding: { ...base, statements: [] } };
  const quotes = extractAnswer(
    worthQuoting(evidence.sentences.filter(({ passage }) => sourceOf(passage) !== null)),
    (passage) => passages[passage]?.text ?? "",
    sourceOf,
  );
  if (verdict === "extract") return { text: quotes.text, grounding: { ...base, statements: quotes.statements } };
  const said = (answer ?? "").trimEnd();
  if (options.trust === "normal") return { text: said, grounding: { ...base, statements: checked.statements } };
  const offset = said.length + 2;
  const shifted = quotes.statements.map((one) => ({ ...one, start: one.start + offset, end: one.end + offset }));
  return { text: `${said}\n\n${quotes.text}`, grounding: { ...base, statements: [...checked.statements, ...shifted] } };
}

/** The best sentence, and the next one where it is nearly as good. */
function worthQuoting(sentences: readonly EvidenceSentence[]): EvidenceSentence[] {
  const [best] = sentences;
  return sentences
    .slice(0, quotedSentences)
    .filter(({ score }) => best !== undefined && score >= best.score - quotedWithin);
}

function silentText(question: string): string {
  return detectLanguage(question) === "zh" ? "资料中没有提到。" : "The documents do not say.";
}

function toSource(n: number, passage: RetrievedPassage): Source {
  const { passageId, documentId, document, page, text, spans } = passage;
  return { n, passageId, documentId, document, page, text, spans };
}

function reportOf(retrieved: Retrieved, evidence: Evidence, chosen: ChosenSources): Retrieval {
  const { question, rewritten, report } = retrieved;
  const hits = retrieved.passages.map((passage, index) => {
    const { passageId, documentId, collectionId, document, page, text, score, fullText, vector } = passage;
    const source = chosen.numberOf(index);
    const leftOut = source === null ? chosen.whyLeftOut(index) : null;
    return { passageId, documentId, collectionId, document, page, text, score, fullText, vector, source, leftOut };
  });
  return { question, rewritten, ...report, evidence: { score: evidence.score, needed: evidence.needed }, hits };
}
