import type { TextRange } from "@deskside/contract";

/** A full stop behind one of these ends no sentence. */
const abbreviations = new Set(
  (
    "mr mrs ms dr prof st jr sr vs etc no nos fig figs eq eqs sec ch vol ed eds pp approx ca cf al inc ltd co corp dept univ " +
    "jan feb mar apr jun jul aug sep sept oct nov dec e.g i.e u.s u.k a.m p.m gen col lt sgt rev hon max min temp ref art"
  ).split(" "),
);

const closers = /["'”’」』）)\]】》]/;

/**
 * Sentences of a text in English, Chinese or both, with the white space behind them: together they are the whole text.
 * A line break ends a sentence only where a blank line or a new list item follows.
 */
export function splitSentences(text: string): TextRange[] {
  const ranges: TextRange[] = [];
  let start = 0;
  for (let index = 0; index < text.length; ) {
    const end = sentenceEnd(text, index);
    if (end === null) {
      index += 1;
      continue;
    }
    let next = end;
    while (next < text.length && /\s/.test(text[next] ?? "")) next += 1;
    if (text.slice(start, next).trim() !== "") {
      ranges.push({ start, end: next });
      start = next;
    }
    index = Math.max(next, index + 1);
  }
  if (start < text.length) {
    const last = ranges.at(-1);
    if (text.slice(start).trim() === "" && last !== undefined)
      ranges[ranges.length - 1] = { ...last, end: text.length };
    else ranges.push({ start, end: text.length });
  }
  return ranges;
}

/** Where the sentence that has `index` as its last mark ends, closing quotes included; null when it goes on. */
function sentenceEnd(text: string, index: number): number | null {
  const char = text[index] ?? "";
  if (/[。！？；]/.test(char)) return afterClosers(text, index + 1);
  if (char === "…" || char === "!" || char === "?") {
    const end = afterClosers(text, afterRun(text, index));
    return isBreak(text, end) ? end : null;
  }
  if (char === ".") {
    const end = afterClosers(text, afterRun(text, index));
    return isBreak(text, end) && !isAbbreviation(text, index) && startsNew(text, end) ? end : null;
  }
  if (char === "\n" && /^\n[ \t]*(?:\n|[-*•·]\s|\d{1,3}[.)、]\s?)/.test(text.slice(index, index + 12)))
    return index + 1;
  return null;
}

function afterRun(text: string, index: number): number {
  let end = index + 1;
  while (end < text.length && /[.!?…]/.test(text[end] ?? "")) end += 1;
  return end;
}

function afterClosers(text: string, from: number): number {
  let end = from;
  while (end < text.length && (closers.test(text[end] ?? "") || /[。！？!?]/.test(text[end] ?? ""))) end += 1;
  return end;
}

/** White space, the end, or Chinese right behind: "3.5" and "deskside.app" go on. */
function isBreak(text: string, end: number): boolean {
  return end >= text.length || /[\s\p{Script=Han}]/u.test(text[end] ?? "");
}

function isAbbreviation(text: string, index: number): boolean {
  const word = /[\p{L}.]*$/u.exec(text.slice(Math.max(0, index - 12), index))?.[0] ?? "";
  const line = text.slice(Math.max(0, index - 16), index);
  const isListNumber = (index <= 16 ? /(?:^|\n)[ \t]*\d{1,3}$/ : /\n[ \t]*\d{1,3}$/).test(line);
  return isListNumber || abbreviations.has(word.toLowerCase()) || /^(?:\p{Lu}\.)*\p{Lu}$/u.test(word);
}

/** A lower-case letter behind the space says that the sentence goes on. */
function startsNew(text: string, end: number): boolean {
  const next = /\S/u.exec(text.slice(end, end + 8))?.[0];
  return next === undefined || !/\p{Ll}/u.test(next);
}
