import { analyse } from "chardet";

export interface DecodedText {
  readonly text: string;
  /** As `TextDecoder` names it. */
  readonly encoding: string;
  /** It was told from the bytes alone. */
  readonly isGuessed: boolean;
  /** Characters that could not be read. */
  readonly replaced: number;
}

const marks: readonly (readonly [readonly number[], string])[] = [
  [[0xef, 0xbb, 0xbf], "utf-8"],
  [[0xff, 0xfe], "utf-16le"],
  [[0xfe, 0xff], "utf-16be"],
];

/** What a guess may come to; others are rarer than a wrong guess. */
const candidates = new Set([
  "gb18030",
  "big5",
  "shift_jis",
  "euc-jp",
  "euc-kr",
  "windows-1252",
  "windows-1251",
  "koi8-r",
]);
const guessedFrom = 65_536;
/** A guess that leaves a wrong character in fewer bytes than these is none. */
const fewestPerWrong = 200;

/** Text of a file that does not say how it is encoded: mark, strict UTF-8, UTF-16 by its zeros, then statistics. */
export function decodeText(bytes: Uint8Array): DecodedText {
  for (const [mark, encoding] of marks) {
    if (mark.every((byte, index) => bytes[index] === byte)) return decoded(bytes, encoding, false);
  }
  const wide = wideEncoding(bytes);
  if (wide !== null) return decoded(bytes, wide, true);
  return tryUtf8(bytes) ?? decoded(bytes, guess(bytes.subarray(0, guessedFrom)), true);
}

/** Text of another encoding has hardly a sequence that is right in UTF-8; this many right ones for each wrong one are damage. */
const rightForEachWrong = 20;

/** UTF-8, also with a few wrong bytes or cut within its last character; null for anything else. */
function tryUtf8(bytes: Uint8Array): DecodedText | null {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    const text = decoder.decode(bytes, { stream: true });
    if (isWhole(decoder)) return { text, encoding: "utf-8", isGuessed: false, replaced: 0 };
    // An accented letter of another encoding at the end looks like this too, but not after other characters of UTF-8.
    return /[^\p{ASCII}]/u.test(text)
      ? { text: `${text}\ufffd`, encoding: "utf-8", isGuessed: false, replaced: 1 }
      : null;
  } catch {
    const found = decoded(bytes, "utf-8", true);
    return countRight(found.text) > found.replaced * rightForEachWrong ? found : null;
  }
}

/** Whether no character has begun that did not end. */
function isWhole(decoder: { decode(): string }): boolean {
  try {
    decoder.decode();
    return true;
  } catch {
    return false;
  }
}

/** Characters beyond ASCII that were read. */
function countRight(text: string): number {
  let right = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 0x80 && code !== replacement) right++;
  }
  return right;
}

/** Latin text in UTF-16 has a zero in every second byte; Chinese has its high bytes between 4E and 9F in every second place. */
function wideEncoding(bytes: Uint8Array): string | null {
  const sample = bytes.subarray(0, Math.min(bytes.length, 4096) & ~1);
  if (sample.length < 4) return null;
  let [evenZero, oddZero, evenHan, oddHan] = [0, 0, 0, 0];
  for (let index = 0; index < sample.length; index += 2) {
    const [even = 0, odd = 0] = [sample[index], sample[index + 1]];
    if (even === 0) evenZero++;
    if (odd === 0) oddZero++;
    if (even >= 0x4e && even <= 0x9f) evenHan++;
    if (odd >= 0x4e && odd <= 0x9f) oddHan++;
  }
  const pairs = sample.length / 2;
  if (oddZero > pairs * 0.3 && evenZero < pairs * 0.05) return "utf-16le";
  if (evenZero > pairs * 0.3 && oddZero < pairs * 0.05) return "utf-16be";
  // A text without any zero can be UTF-16 only when nearly all of it is Chinese, with its punctuation (30, FF).
  if (evenZero + oddZero === 0) return null;
  if (oddHan + oddZero > pairs * 0.8 && evenHan < pairs * 0.6) return "utf-16le";
  if (evenHan + evenZero > pairs * 0.8 && oddHan < pairs * 0.6) return "utf-16be";
  return null;
}

function guess(sample: Uint8Array): string {
  // Valid pairs of GB18030 whose characters are mostly the common ones of the first plane of GB2312.
  if (looksChinese(sample)) return "gb18030";
  if (looksWestern(sample)) return "windows-1252";
  const found = analyse(sample).map(({ name }) => name.toLowerCase().replace("_", "-"));
  const known = found.map((name) => (name === "shift-jis" ? "shift_jis" : name)).filter((name) => candidates.has(name));
  return known.find((name) => decoded(sample, name, true).replaced <= sample.length / fewestPerWrong) ?? "windows-1252";
}

/** Korean has its syllables up to this lead byte; of Chinese characters nearly every second one comes later. */
const lastOfHangul = 0xc8;
/** So many characters have a later one among them if they are Chinese. */
const surelyLater = 12;

/** GB2312's first level, by frequency of use, has lead bytes B0 to D7; punctuation has A1 to A3. */
function looksChinese(sample: Uint8Array): boolean {
  let pairs = 0;
  let common = 0;
  let later = 0;
  for (let index = 0; index < sample.length; index++) {
    const lead = sample[index] ?? 0;
    if (lead < 0x80) continue;
    if (index + 1 >= sample.length) break;
    const trail = sample[index + 1] ?? 0;
    if (lead === 0x80 || lead === 0xff || trail < 0x30 || trail === 0x7f || trail === 0xff) return false;
    pairs++;
    if (trail >= 0xa1 && ((lead >= 0xb0 && lead <= 0xd7) || (lead >= 0xa1 && lead <= 0xa3))) common++;
    if (lead > lastOfHangul && lead <= 0xd7) later++;
    index += trail < 0x40 ? 3 : 1;
  }
  return pairs > 0 && common / pairs > 0.85 && (pairs < surelyLater || later > 0);
}

/** Accented letters stand alone between plain ones, or two of them within a word; other scripts come in runs. */
function looksWestern(sample: Uint8Array): boolean {
  let high = 0;
  let western = 0;
  for (let index = 0; index < sample.length; index++) {
    if ((sample[index] ?? 0) < 0x80) continue;
    let end = index + 1;
    while ((sample[end] ?? 0) >= 0x80) end++;
    const length = end - index;
    high += length;
    if (length === 1 || (length === 2 && isWithinWord(sample, index))) western += length;
    index = end;
  }
  return high > 0 && western / high > 0.8;
}

/** Two letters of Latin 1 between letters of ASCII. */
function isWithinWord(sample: Uint8Array, at: number): boolean {
  const isLetter = (byte = 0) => (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
  const isAccented = (byte = 0) => byte >= 0xc0;
  const [before, first, second, after] = [sample[at - 1], sample[at], sample[at + 1], sample[at + 2]];
  return isLetter(before) && isAccented(first) && isAccented(second) && isLetter(after);
}

function decoded(bytes: Uint8Array, encoding: string, isGuessed: boolean): DecodedText {
  const text = new TextDecoder(encoding).decode(bytes);
  return { text, encoding, isGuessed, replaced: countReplaced(text) };
}

const replacement = 0xfffd;

/** Characters that stand for what could not be read. */
export function countReplaced(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) === replacement) count++;
  return count;
}
