import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export type Language = "en" | "zh";

export interface Xquad {
  /** Article and paragraph. */
  readonly passages: readonly { readonly title: string; readonly text: string }[];
  /** `passage`: position of the paragraph that answers. */
  readonly questions: readonly { readonly text: string; readonly passage: number }[];
}

/** The published format, as far as it is used. */
interface XquadFile {
  readonly data: readonly {
    readonly title: string;
    readonly paragraphs: readonly {
      readonly context: string;
      readonly qas: readonly { readonly question: string; readonly answers: readonly { readonly text: string }[] }[];
    }[];
  }[];
}

/** XQuAD (Artetxe et al. 2020, CC BY-SA 4.0): the same paragraphs and questions in both languages. Ends the process when it is not there. */
export function readXquadFile(language: Language): XquadFile {
  const folder = resolve(process.env["DESKSIDE_XQUAD"] ?? join(import.meta.dirname, "../../../../shared/evals/xquad"));
  const path = join(folder, `xquad.${language}.json`);
  if (!existsSync(path)) {
    process.stderr.write(
      `There is no ${path}. Get xquad.en.json and xquad.zh.json from github.com/google-deepmind/xquad (CC BY-SA 4.0) and name their folder in DESKSIDE_XQUAD.\n`,
    );
    process.exit(1);
  }
  return JSON.parse(readFileSync(path, "utf8")) as XquadFile;
}

/** Every paragraph as a passage. Ends the process when the data set is not there. */
export function readXquad(language: Language): Xquad {
  const passages: { title: string; text: string }[] = [];
  const questions: { text: string; passage: number }[] = [];
  for (const { title, paragraphs } of readXquadFile(language).data) {
    for (const { context, qas } of paragraphs) {
      for (const { question } of qas) questions.push({ text: question, passage: passages.length });
      passages.push({ title: title.replaceAll("_", " "), text: context });
    }
  }
  return { passages, questions };
}
