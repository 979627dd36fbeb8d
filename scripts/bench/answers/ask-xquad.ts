import type { Served } from "../product/whole-stack.ts";
import type { Language } from "../retrieval/xquad.ts";
import { type Article, isLeftOut, readAnsweredXquad, spread } from "./answered-questions.ts";
import { askDocuments, collect, type TextFile } from "./ask-documents.ts";
import { judgeAnswer } from "./judge-answer.ts";
import type { Run } from "./summarise.ts";

/**
 * The same questions with their paragraphs among the documents and with them left out. Half of the paragraphs is left
 * out at once: the questions of every second one, from the articles with an odd index where `half` says so.
 */
export async function askXquad(
  client: Served["client"],
  {
    language,
    models,
    count,
    half,
    each,
  }: {
    language: Language;
    models: readonly string[];
    count: number;
    /** Rules are set on the articles with an even index, figures are from the others. */
    half: "even" | "odd";
    each: (line: object) => void;
  },
): Promise<Run[]> {
  const { articles, questions } = readAnsweredXquad(language);
  const asked = spread(
    questions.filter((one) => isLeftOut(one) && one.article % 2 === (half === "even" ? 0 : 1)),
    count,
  );
  const whole = await collect(
    client,
    `XQuAD ${language}`,
    articles.map((one, index) => fileOf(one, index, () => true)),
  );
  const without = await collect(
    client,
    `XQuAD ${language}, every second paragraph left out`,
    articles.map((one, index) => fileOf(one, index, (paragraph) => !isLeftOut({ paragraph }))),
  );
  const runs: Run[] = [];
  for (const model of models) {
    for (const [collectionId, isPresent] of [[whole, true] as const, [without, false] as const]) {
      const run = { name: `XQuAD ${language}`, model, isPresent };
      const answers = [];
      for (const [index, question] of asked.entries()) {
        process.stderr.write(
          `\r${run.name} ${model} ${isPresent ? "present" : "absent"} ${index + 1}/${asked.length}  `,
        );
        const shown = await askDocuments(client, { modelId: model, collectionId, question: question.text });
        const judged = judgeAnswer(shown, question.gold, nameOf(question.article));
        each({
          ...run,
          question: question.text,
          gold: question.gold,
          ...judged,
          text: shown.text,
          seconds: shown.seconds,
          evidence: shown.grounding.retrieval.evidence,
          hasSource: shown.grounding.sources.some(({ text }) => text.includes(question.gold)),
        });
        answers.push({ ...judged, seconds: shown.seconds });
      }
      runs.push({ ...run, answers });
    }
  }
  process.stderr.write("\r\x1b[K");
  return runs;
}

function nameOf(article: number): string {
  return `article-${String(article + 1).padStart(2, "0")}.md`;
}

function fileOf({ title, paragraphs }: Article, index: number, isKept: (paragraph: number) => boolean): TextFile {
  const kept = paragraphs.filter((_, paragraph) => isKept(paragraph));
  return { name: nameOf(index), text: `# ${title}\n\n${kept.join("\n\n")}\n` };
}
