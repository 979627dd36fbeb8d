import type { Language } from "../retrieval/xquad.ts";
import { readXquadFile } from "../retrieval/xquad.ts";

/** One question of XQuAD with where its answer stands. */
export interface AnsweredQuestion {
  readonly text: string;
  /** As the data set has it: a piece of the paragraph. */
  readonly gold: string;
  /** Position of the article, and of the paragraph within it. */
  readonly article: number;
  readonly paragraph: number;
}

export interface Article {
  readonly title: string;
  readonly paragraphs: readonly string[];
}

export interface AnsweredXquad {
  readonly articles: readonly Article[];
  readonly questions: readonly AnsweredQuestion[];
}

/** Ends the process when the data set is not there. */
export function readAnsweredXquad(language: Language): AnsweredXquad {
  const { data } = readXquadFile(language);
  const articles = data.map(({ title, paragraphs }) => ({
    title: title.replaceAll("_", " "),
    paragraphs: paragraphs.map(({ context }) => context),
  }));
  const questions = data.flatMap(({ paragraphs }, article) =>
    paragraphs.flatMap(({ qas }, paragraph) =>
      qas.flatMap(({ question, answers: [answer] }) =>
        answer ? [{ text: question, gold: answer.text, article, paragraph }] : [],
      ),
    ),
  );
  return { articles, questions };
}

/** Every question of a second paragraph: with those paragraphs left out nothing answers them. */
export function isLeftOut({ paragraph }: Pick<AnsweredQuestion, "paragraph">): boolean {
  return paragraph % 2 === 1;
}

/** `count` of them at fixed steps, so that every article has its share. */
export function spread<T>(all: readonly T[], count: number): T[] {
  if (count >= all.length) return [...all];
  return Array.from({ length: count }, (_, index) => all[Math.floor((index * all.length) / count)] as T);
}
