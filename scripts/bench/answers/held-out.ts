import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Served } from "../product/whole-stack.ts";
import type { Language } from "../retrieval/xquad.ts";
import { askDocuments, collect } from "./ask-documents.ts";
import { judgeAnswer } from "./judge-answer.ts";
import type { Run } from "./summarise.ts";

/** As far as it is used. */
interface Case {
  readonly id: string;
  readonly skill: string;
  /** Holds the sources where the prompt is only the question. */
  readonly system: string;
  readonly prompt: string;
  readonly expect: readonly string[];
  readonly cite: string | null;
}

export interface HeldOutQuestion {
  readonly id: string;
  readonly question: string;
  readonly sources: readonly { readonly n: number; readonly text: string }[];
  readonly gold: string;
  /** Number of the source that answers; 0: none does. */
  readonly source: number;
}

/**
 * Kinds of question the starter was not trained on, and questions its sources do not answer: each with a collection of
 * its own, one file for each source, read and searched like any other.
 */
export async function askHeldOut(
  client: Served["client"],
  { language, models, each }: { language: Language; models: readonly string[]; each: (line: object) => void },
): Promise<Run[]> {
  const kinds = [
    ["qa_heldout", true],
    ["qa_none", false],
  ] as const;
  const runs: Run[] = [];
  for (const [skill, isPresent] of kinds) {
    const questions = readHeldOut(`${skill}_${language}`);
    const collections = [];
    for (const one of questions)
      collections.push(
        await collect(
          client,
          one.id,
          one.sources.map(({ n, text }) => ({ name: `${n}.txt`, text })),
        ),
      );
    for (const model of models) {
      const run = { name: `${skill} ${language}`, model, isPresent };
      const answers = [];
      for (const [index, { question, gold, source }] of questions.entries()) {
        process.stderr.write(`\r${run.name} ${model} ${index + 1}/${questions.length}  `);
        const shown = await askDocuments(client, { modelId: model, collectionId: collections[index] ?? "", question });
        const judged = judgeAnswer(shown, gold, `${source}.txt`);
        each({
          ...run,
          question,
          gold,
          ...judged,
          text: shown.text,
          seconds: shown.seconds,
          evidence: shown.grounding.retrieval.evidence,
        });
        answers.push({ ...judged, seconds: shown.seconds });
      }
      runs.push({ ...run, answers });
    }
  }
  return runs;
}

/** Ends the process when the file is not there. */
function readHeldOut(skill: string): HeldOutQuestion[] {
  const path = resolve(
    process.env["DESKSIDE_STARTER_EVAL"] ?? join(import.meta.dirname, "../../../../shared/models/starter/eval.json"),
  );
  if (!existsSync(path)) {
    process.stderr.write(
      `There is no ${path}. Name the starter's test questions in DESKSIDE_STARTER_EVAL, or leave them out with --only xquad,changed.\n`,
    );
    process.exit(1);
  }
  const { cases } = JSON.parse(readFileSync(path, "utf8")) as { cases: readonly Case[] };
  return cases
    .filter((one) => one.skill === skill)
    .map(({ id, system, prompt, expect, cite }) => ({
      ...{ id, ...parsePrompt(/^\[1\]/m.test(prompt) ? prompt : `${system}\n\n${prompt}`) },
      gold: expect[0] ?? "",
      source: Number(/\d+/.exec(cite ?? "")?.[0] ?? 0),
    }));
}

/** Takes the numbered sources and the question out of a prompt; file names and pages before a source's text are left out. */
export function parsePrompt(prompt: string): Pick<HeldOutQuestion, "question" | "sources"> {
  const lines = prompt.trim().split("\n");
  const marked = lines.findIndex((line) => questionMark.test(line));
  const at = marked < 0 ? lines.length - 1 : marked;
  const question = (lines[at] ?? "").replace(questionMark, "").trim();
  const body = lines.filter((_, index) => index !== at).join("\n");
  const marks = [...body.matchAll(/^\[(\d+)\]\s*/gm)];
  const sources = marks.map((mark, index) => {
    const text = body.slice(mark.index + mark[0].length, marks[index + 1]?.index ?? body.length);
    return { n: Number(mark[1]), text: text.replace(fileName, "").trim() };
  });
  if (question === "" || sources.length === 0) throw new Error(`not a prompt with sources: ${prompt.slice(0, 80)}`);
  return { question, sources };
}

const questionMark = /^(?:question|q|问题|问)\s*[:：]\s*/i;
/** "(notes.md, p. 4) ", "log.txt: ", or a line of its own. */
const fileName = /^(?:[(（][^)）\n]*[)）]\s*|[^\n.:：]*\.[a-z]{2,4}(?:[,，][^\n:：]*)?(?:[:：]\s*|\n))/;
