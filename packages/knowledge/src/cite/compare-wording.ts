import { findTerms } from "./terms.ts";

interface Token {
  /** What has to be equal: the term's key, or the word itself where it is no term. */
  readonly key: string;
  /** It says something: no article, no auxiliary. */
  readonly isContent: boolean;
}

/** Between two tokens that both texts have in the same order: what one has there and what the other. */
interface Hunk {
  readonly stated: readonly Token[];
  readonly written: readonly Token[];
}

/** A statement whose words stand in the sentence in the same order to this share is a copy of it, whole or in part. */
const copyFrom = 0.6;

/**
 * Whether a statement is a sentence with something else in its place: another word, name or figure, two of them
 * exchanged, or a "not" put in or taken out. Sharing nearly all words proves nothing then. A statement in words of its
 * own is judged only by its "not".
 */
export function isAltered(statement: string, sentence: string): boolean {
  const stated = tokensOf(statement);
  const written = tokensOf(sentence);
  const { common, hunks, extent } = align(stated, written);
  if (stated.length === 0 || common / stated.length < copyFrom)
    return negationsOf(stated) > 0 && negationsOf(written) === 0;
  if (negationsOf(stated) !== negationsOf(written.slice(extent.start, extent.end))) return true;
  // What stands elsewhere in both was moved there; what stands in its place in both was not.
  const unplaced = joined(hunks.flatMap((hunk) => hunk.written));
  return hunks.some((hunk) => isReplaced(hunk, unplaced)) || isReordered(hunks);
}

const wordOrCharacter =
  /\p{Script=Han}|[[\p{L}\p{N}]--\p{Script=Han}]+(?:[\-.,'’\/][[\p{L}\p{N}]--\p{Script=Han}]+)*/gv;
const han = /\p{Script=Han}/u;
const glue = /[的地得了着过是为在于和与及或也都就而但则将把被由对从到向以之其这那此该并等个位名年月日约]/u;

function tokensOf(text: string): Token[] {
  return [...text.normalize("NFKC").toLowerCase().matchAll(wordOrCharacter)].map(([word]) => {
    if (han.test(word)) return { key: word, isContent: !glue.test(word) };
    const terms = findTerms(word);
    return { key: terms.length === 0 ? word : terms.map(({ key }) => key).join("-"), isContent: terms.length > 0 };
  });
}

const negatives = /^(?:not|never|no|none|nor|neither|without|cannot|.*n['’]t|不|没|未|无|非)$/;

function negationsOf(tokens: readonly Token[]): number {
  return tokens.filter(({ key }) => negatives.test(key)).length;
}

/** The longest run of tokens both have in the same order, and what stands between. */
function align(stated: readonly Token[], written: readonly Token[]) {
  const lengths = lengthsOfCommon(stated, written);
  const hunks: Hunk[] = [];
  let common = 0;
  let [i, j] = [0, 0];
  let [from, to] = [0, 0];
  const extent = { start: written.length, end: 0 };
  const close = () => {
    if (i > from || j > to) hunks.push({ stated: stated.slice(from, i), written: written.slice(to, j) });
  };
  while (i < stated.length && j < written.length) {
    if (stated[i]?.key === written[j]?.key) {
      close();
      extent.start = Math.min(extent.start, j);
      common += 1;
      i += 1;
      j += 1;
      extent.end = j;
      [from, to] = [i, j];
    } else if ((lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0)) i += 1;
    else j += 1;
  }
  [i, j] = [stated.length, written.length];
  close();
  return { common, hunks, extent };
}

/** Of the longest common subsequence of both tails, by where they begin. */
function lengthsOfCommon(stated: readonly Token[], written: readonly Token[]): number[][] {
  const lengths = Array.from({ length: stated.length + 1 }, () => Array.from({ length: written.length + 1 }, () => 0));
  for (let i = stated.length - 1; i >= 0; i--) {
    const [row, below] = [lengths[i] as number[], lengths[i + 1] as number[]];
    for (let j = written.length - 1; j >= 0; j--)
      row[j] = stated[i]?.key === written[j]?.key ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
  }
  return lengths;
}

/** Something that the sentence does not say elsewhere, in the place of something it says. */
function isReplaced({ stated, written }: Hunk, unplaced: string): boolean {
  return written.some(({ isContent }) => isContent) && runsOf(stated).some((run) => !unplaced.includes(run));
}

/** A part may stand at another place ("in 2015" before or behind); two that changed places say something else, but for a passive. */
function isReordered(hunks: readonly Hunk[]): boolean {
  const stated = hunks.flatMap((hunk) => hunk.stated);
  const written = hunks.flatMap((hunk) => hunk.written);
  if ([...stated, ...written].some(({ key }) => /^(?:by|被|由)$/.test(key))) return false;
  const places = written.filter(({ isContent }) => isContent).map(({ key }) => key);
  const moved = stated.filter(({ key, isContent }) => isContent && places.includes(key)).map(({ key }) => key);
  let from = 0;
  return moved.some((key) => {
    const at = places.indexOf(key, from);
    from = at + 1;
    return at < 0;
  });
}

/** Content in a row: each Latin word by itself, Chinese characters together. */
function runsOf(tokens: readonly Token[]): string[] {
  const runs: string[] = [];
  let run = "";
  for (const { key, isContent } of tokens) {
    if (isContent && han.test(key)) run += key;
    else {
      if (run !== "") runs.push(run);
      run = "";
      if (isContent) runs.push(` ${key} `);
    }
  }
  return run === "" ? runs : [...runs, run];
}

function joined(tokens: readonly Token[]): string {
  return ` ${tokens.map(({ key }) => (han.test(key) ? key : ` ${key} `)).join("")} `;
}
