import { chineseNumber, englishNumber, englishScale, plainDigits } from "./numbers.ts";
import { monthOf } from "./months.ts";
import { chineseStopLength, isStopWord } from "./stop-words.ts";

/**
 * `number`: digits or number words. `code`: letters with digits ("P-103", "GB/T 3811"). `name`: a capitalised word inside
 * an English sentence. `word`: anything else that carries meaning; for Chinese two neighbouring characters.
 */
export type TermKind = "number" | "code" | "name" | "word";

export interface Term {
  readonly kind: TermKind;
  /** What is compared: lower case, stemmed; numbers in plain digits. */
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

const token =
  /(?<code>(?=[\p{Script=Latin}\d/.-]*\d)(?=[\p{Script=Latin}\d/.-]*\p{Script=Latin})[\p{Script=Latin}\d]+(?:[-/][\p{Script=Latin}\d]+|\.\d+)*)|(?<number>\d+(?:[,'\u00a0\u202f]\d{3})*(?:\.\d+)?)|(?<latin>\p{Script=Latin}[\p{Script=Latin}\p{M}]*(?:['’-]\p{Script=Latin}[\p{Script=Latin}\p{M}]*)*)|(?<han>[\p{Script=Han}〇]+)|(?<other>[\p{L}\p{N}]+)/gu;

const chineseNumerals = /[零〇一二两三四五六七八九十百千万亿]+/g;

/** Everything in a text that could be looked up, ascending. */
export function findTerms(text: string): Term[] {
  const found: Term[] = [];
  const folded = foldWidth(text);
  for (const match of folded.matchAll(token)) {
    const { code, number, latin, han, other } = match.groups ?? {};
    const at = match.index;
    if (code !== undefined && /\d/.test(code) && /\p{L}/u.test(code)) found.push(...codeTerms(code, at));
    else if (code !== undefined && /^\d/.test(code)) found.push(term("number", plainDigits(code), at, code.length));
    else if (code !== undefined) found.push(...latinTerms(folded, code, at, found.at(-1)));
    else if (number !== undefined) found.push(term("number", plainDigits(number), at, number.length));
    else if (latin !== undefined) found.push(...latinTerms(folded, latin, at, found.at(-1)));
    else if (han !== undefined) found.push(...hanTerms(han, at));
    else if (other !== undefined) found.push(term("word", other.toLowerCase(), at, other.length));
  }
  return found;
}

/** Full-width Latin letters and digits become plain ones; every character keeps its position. */
function foldWidth(text: string): string {
  return text.replaceAll(/[\uff01-\uff5e]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0));
}

function term(kind: TermKind, key: string, start: number, length: number): Term {
  return { kind, key, start, end: start + length };
}

/** "24V", "3rd" and "1990s" are numbers with something behind; "P-103" stays whole and stands for its number too. */
function codeTerms(code: string, at: number): Term[] {
  const unit = /^(\d+(?:\.\d+)?)(\p{Script=Latin}{1,4})$/u.exec(code);
  if (unit?.[1] !== undefined && unit[2] !== undefined) {
    const value = term("number", plainDigits(unit[1]), at, unit[1].length);
    if (unit[2] === "s") return [term("number", `${unit[1]}s`, at, code.length)];
    return /^(?:st|nd|rd|th)$/i.test(unit[2])
      ? [value]
      : [value, term("word", unit[2].toLowerCase(), at + unit[1].length, unit[2].length)];
  }
  return [term("code", code.toLowerCase().replaceAll(/[-/.]/g, ""), at, code.length)];
}

function latinTerms(text: string, written: string, at: number, before: Term | undefined): Term[] {
  const word = written.replace(/['’]s$/, "");
  const month = monthOf(word);
  if (month !== null && /^\s*(?:\d|$)/.test(text.slice(at + word.length, at + word.length + 4) || "0"))
    return [term("number", String(month), at, word.length)];
  const scale = englishScale(word);
  if (scale !== null && before?.kind === "number" && /^[\s-]*$/.test(text.slice(before.end, at)))
    return [term("word", word.toLowerCase(), at, word.length)];
  const value = englishNumber(word);
  if (value !== null && value !== 1) return [term("number", String(value), at, word.length)];
  const parts: Term[] = [];
  for (const part of word.matchAll(/[^'’-]+/g)) {
    const lower = part[0].toLowerCase();
    if (isStopWord(lower) || (lower.length < 2 && !/^\p{Lu}$/u.test(part[0]))) continue;
    const isName = /^\p{Lu}/u.test(part[0]) && !startsSentence(text, at);
    parts.push(term(isName ? "name" : "word", stem(lower), at + part.index, part[0].length));
  }
  return parts;
}

/** True where a capital says nothing: at the start, after a full stop, colon, bullet or quote. */
function startsSentence(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 12), at).trimEnd();
  return before === "" ? text.slice(0, at).trim() === "" : /[.!?:;•*#>|\-“"(（【。！？：；、\n]$/.test(before);
}

/** Overlapping pairs of characters, so that no dictionary is needed; function words end a run. */
function hanTerms(run: string, at: number): Term[] {
  const found: Term[] = [];
  const numerals = [...run.matchAll(chineseNumerals)].flatMap((match) => {
    const value = isCounted(run, match.index, match[0]) ? chineseNumber(match[0]) : null;
    return value === null ? [] : [{ start: match.index, end: match.index + match[0].length, value }];
  });
  let from = 0;
  const flush = (to: number): void => {
    found.push(...pairs(run.slice(from, to), at + from));
  };
  for (let index = 0; index < run.length; ) {
    const numeral = numerals.find(({ start }) => start === index);
    const skip = numeral === undefined ? chineseStopLength(run, index) : numeral.end - index;
    if (skip === 0) {
      index += 1;
      continue;
    }
    flush(index);
    if (numeral !== undefined) found.push(term("number", String(numeral.value), at + index, skip));
    index += skip;
    from = index;
  }
  flush(run.length);
  return found;
}

/** "一" in "一般" is no number: a numeral counts with a measure word or ordinal beside it, or when it is long. */
function isCounted(run: string, index: number, numeral: string): boolean {
  if (numeral.length > 1 && !/^[千万百亿]+$/.test(numeral)) return true;
  const after = run[index + numeral.length] ?? "";
  return (
    numeral !== "一" &&
    (run[index - 1] === "第" || "年月日号个名次位台件条项米天岁周分秒点度元倍章节页支只种届层".includes(after)) &&
    after !== ""
  );
}

function pairs(run: string, at: number): Term[] {
  if (run.length === 0) return [];
  if (run.length === 1) return [term("word", run, at, 1)];
  return Array.from({ length: run.length - 1 }, (_, index) => term("word", run.slice(index, index + 2), at + index, 2));
}

/** Light English stemming: what differs between two ways to say the same thing, no more. */
export function stem(word: string): string {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
  const plain = word
    .replace(/(?<=\w{2})ies$/, "y")
    .replace(/(?<=ss|sh|ch|x)es$/, "")
    .replace(/(?<=[^su])s$/, "")
    .replace(/(?<=\w{4})(?:ation|ement|ment|ness|ion)$/, "")
    .replace(/(?<=\w{3})(?:ingly|edly|ing|ed|ly)$/, "");
  return plain.replace(/(?<=\w{3})(.)\1$/, "$1").replace(/(?<=\w{3})e$/, "");
}
