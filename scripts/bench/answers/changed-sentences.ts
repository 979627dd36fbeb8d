import { checkAnswer, findTerms, splitSentences, type TermStatistics } from "@deskside/knowledge";
import type { Language } from "../retrieval/xquad.ts";
import { type Alteration, alterations, alterSentence, type TrueSentence } from "./alter-sentence.ts";
import { type AnsweredQuestion, type AnsweredXquad, readAnsweredXquad } from "./answered-questions.ts";

interface Tally {
  readonly sentences: number;
  readonly supported: number;
}

/** How often a sentence is shown as supported: as the paragraph has it, and made untrue. */
export type Changed = Readonly<Record<"unchanged" | Alteration, Tally>>;

/** True and untrue sentences against their own paragraph and its two neighbours, one for each question of the data set. */
export async function changeSentences(
  language: Language,
  half: "even" | "odd",
  each?: (line: object) => void,
): Promise<Changed> {
  const data = readAnsweredXquad(language);
  const statistics = statisticsOf(data);
  const tallies: Record<"unchanged" | Alteration, { sentences: number; supported: number }> = {
    unchanged: { sentences: 0, supported: 0 },
    ...(Object.fromEntries(alterations.map((kind) => [kind, { sentences: 0, supported: 0 }])) as Record<
      Alteration,
      { sentences: number; supported: number }
    >),
  };
  for (const question of data.questions.filter(({ article }) => article % 2 === (half === "even" ? 0 : 1))) {
    const sentence = sentenceOf(data, question);
    if (sentence === null) continue;
    for (const kind of ["unchanged", ...alterations] as const) {
      const said = kind === "unchanged" ? sentence.text : alterSentence(kind, sentence, language);
      if (said === null) continue;
      const isSupported = await isShownAsSupported(data, question, said, statistics);
      tallies[kind].sentences += 1;
      tallies[kind].supported += isSupported ? 1 : 0;
      each?.({ name: `changed ${language}`, kind, question: question.text, said, isSupported });
    }
  }
  return tallies;
}

async function isShownAsSupported(
  { articles }: AnsweredXquad,
  { text, article, paragraph }: AnsweredQuestion,
  answer: string,
  statistics: TermStatistics,
): Promise<boolean> {
  const { title, paragraphs } = articles[article] ?? { title: "", paragraphs: [] };
  const sources = [paragraph, paragraph - 1, paragraph + 1].flatMap((index, n) => {
    const source = paragraphs[index];
    return source === undefined ? [] : [{ n: n + 1, text: source, context: title }];
  });
  const { statements } = await checkAnswer({ question: text, answer, sources, statistics, likeness: null });
  const checkable = statements.filter(({ support }) => support !== "plain");
  return checkable.length > 0 && checkable.every(({ support }) => support === "supported");
}

/** The sentence the answer stands in; null where a question's answer crosses sentences. */
function sentenceOf({ articles, questions }: AnsweredXquad, question: AnsweredQuestion): TrueSentence | null {
  const text = articles[question.article]?.paragraphs[question.paragraph] ?? "";
  const range = splitSentences(text).find(({ start, end }) => text.slice(start, end).includes(question.gold));
  if (range === undefined) return null;
  const own = questions.filter((one) => one.article === question.article && one.paragraph === question.paragraph);
  const far = (question.article + 7) % articles.length;
  return {
    text: text.slice(range.start, range.end).trim(),
    gold: question.gold,
    own: own.map(({ gold }) => gold).filter((gold) => gold !== question.gold),
    foreign: questions.filter((one) => one.article === far).map(({ gold }) => gold),
  };
}

function statisticsOf({ articles }: AnsweredXquad): TermStatistics {
  const passages = articles.flatMap(({ paragraphs }) => paragraphs);
  const counts = new Map<string, number>();
  for (const text of passages)
    for (const key of new Set(findTerms(text).map((term) => term.key))) counts.set(key, (counts.get(key) ?? 0) + 1);
  return { passages: passages.length, frequency: (key) => counts.get(key) ?? 0 };
}

export function changedTable(byLanguage: Readonly<Record<Language, Changed>>): string {
  const cell = ({ sentences, supported }: Tally) =>
    sentences === 0 ? "–" : `${((supported / sentences) * 100).toFixed(1)} % of ${sentences}`;
  const rows = (["unchanged", ...alterations] as const).map((kind) => [
    kind,
    cell(byLanguage.en[kind]),
    cell(byLanguage.zh[kind]),
  ]);
  const head = ["shown as supported", "en", "zh"];
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}
