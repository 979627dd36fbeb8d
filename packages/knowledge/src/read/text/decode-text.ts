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

/** Text of a file that does not say how it is encoded: mark, strict UTF-8, UTF-16 by its zeros, then statistics. */
export function decodeText(bytes: Uint8Array): DecodedText {
  for (const [mark, encoding] of marks) {
    if (mark.every((byte, index) => bytes[index] === byte)) return decoded(bytes, encoding, false);
  }
  const strict = tryStrict(bytes);
  if (strict !== null) return { text: strict, encoding: "utf-8", isGuessed: false, replaced: 0 };
  const wide = wideEncoding(bytes);
  if (wide !== null) return decoded(bytes, wide, true);
  return decoded(bytes, guess(bytes.subarray(0, guessedFrom)), true);
}

function tryStrict(bytes: Uint8Array): string | null {
  if (wideEncoding(bytes) !== null) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
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
  const known = found.map((name) => (name === "shift-jis" ? "shift_jis" : name)).find((name) => candidates.has(name));
  return known ?? "windows-1252";
}

/** GB2312's first level, by frequency of use, has lead bytes B0 to D7; punctuation has A1 to A3. */
function looksChinese(sample: Uint8Array): boolean {
  let pairs = 0;
  let common = 0;
  for (let index = 0; index < sample.length; index++) {
    const lead = sample[index] ?? 0;
    if (lead < 0x80) continue;
    if (index + 1 >= sample.length) break;
    const trail = sample[index + 1] ?? 0;
    if (lead === 0x80 || lead === 0xff || trail < 0x30 || trail === 0x7f || trail === 0xff) return false;
    pairs++;
    if (trail >= 0xa1 && ((lead >= 0xb0 && lead <= 0xd7) || (lead >= 0xa1 && lead <= 0xa3))) common++;
    index += trail < 0x40 ? 3 : 1;
  }
  return pairs > 0 && common / pairs > 0.85;
}

/** Accented letters stand alone between plain ones; other scripts come in runs. */
function looksWestern(sample: Uint8Array): boolean {
  let high = 0;
  let alone = 0;
  for (let index = 0; index < sample.length; index++) {
    if ((sample[index] ?? 0) < 0x80) continue;
    high++;
    if ((sample[index - 1] ?? 0) < 0x80 && (sample[index + 1] ?? 0) < 0x80) alone++;
  }
  return high > 0 && alone / high > 0.8;
}

function decoded(bytes: Uint8Array, encoding: string, isGuessed: boolean): DecodedText {
  const text = new TextDecoder(encoding).decode(bytes);
  return { text, encoding, isGuessed, replaced: text.match(/\ufffd/g)?.length ?? 0 };
}
