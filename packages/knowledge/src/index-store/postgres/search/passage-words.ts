import { stem } from "../../../cite/terms.ts";
import { indexWords } from "../../../retrieve/index-words.ts";

/** Words of a passage in order: of its title and headings, and of its text. */
export interface PassageWords {
  readonly context: readonly string[];
  readonly body: readonly string[];
}

/** One way to say a term: words that follow each other; the last may be only a beginning. */
export interface Phrase {
  readonly words: readonly string[];
  readonly isBeginning: boolean;
}

/** A lexeme may have 2046 bytes; what is longer is no word anybody looks for. */
const longestWord = 500;

export function passageWords(context: string, body: string): PassageWords {
  return { context: splitWords(indexWords(context)), body: splitWords(indexWords(body)) };
}

/** Lower case, without accents, stemmed: what words of texts and of questions are compared as. */
function splitWords(indexed: string): string[] {
  return indexed
    .normalize("NFD")
    .replaceAll(/[\u0300-\u036f]/g, "")
    .normalize("NFC")
    .toLowerCase()
    .split(/[^\p{L}\p{N}\p{M}\p{Co}]+/u)
    .filter((word) => word !== "")
    .map((word) => stem(word).slice(0, longestWord));
}

/** Text form of a tsvector. Headings weigh A; a gap keeps phrases from running on from them into the text. */
export function vectorText({ context, body }: PassageWords): string {
  const places = new Map<string, string[]>();
  const put = (word: string, place: string) => void places.set(word, [...(places.get(word) ?? []), place]);
  for (const [index, word] of context.entries()) put(word, `${index + 1}A`);
  const from = context.length + 2;
  for (const [index, word] of body.entries()) put(word, `${from + index}`);
  // Words hold letters and digits alone, hence nothing that has to be escaped.
  return [...places].map(([word, at]) => `'${word}':${at.join(",")}`).join(" ");
}

/** Reads what `wordExpression` writes: quoted phrases joined by OR, `*` after one that is a beginning. */
export function readPhrases(expression: string): Phrase[] {
  return [...expression.matchAll(/"([^"]*)"( \*)?/g)].flatMap(([, quoted = "", star]) => {
    const words = splitWords(quoted);
    return words.length === 0 ? [] : [{ words, isBeginning: star !== undefined }];
  });
}

/** Text form of a tsquery: any of the phrases. */
export function phraseQuery(phrases: readonly Phrase[]): string {
  return phrases
    .map(({ words, isBeginning }) => {
      const quoted = words.map((word, index) => `'${word}'${isBeginning && index === words.length - 1 ? ":*" : ""}`);
      return `(${quoted.join(" <-> ")})`;
    })
    .join(" | ");
}

/** How often a phrase is in a run of words. */
export function countPhrase(text: readonly string[], { words, isBeginning }: Phrase): number {
  let count = 0;
  for (let at = 0; at + words.length <= text.length; at++) {
    const isHere = words.every((word, index) => {
      const own = text[at + index] ?? "";
      return isBeginning && index === words.length - 1 ? own.startsWith(word) : own === word;
    });
    if (isHere) count += 1;
  }
  return count;
}
