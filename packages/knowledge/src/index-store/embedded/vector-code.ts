/**
 * Compact codes for scanning many vectors: of each number of the vector minus the collection's center, the sign and
 * whether it is large; and two factors that make the estimates of the dot product unbiased, from signs alone and from
 * both (as RaBitQ does, arxiv.org/abs/2405.12497, without its rotation: with real embeddings the center does the work).
 * The question stays exact. Layout: the factors (float32, little-endian), the signs, the sizes, 32 to a word each.
 */
export function codeWords(dimensions: number): number {
  return Math.ceil(dimensions / 32);
}

/** Above this many standard deviations a number counts as large: the best border between ±1 and ±3 steps (Max 1960). */
const largeFrom = 0.9957;
const factorBytes = 8;

export function encodeVector(vector: Float32Array, center: Float32Array): Uint8Array {
  const planeBytes = codeWords(vector.length) * 4;
  const bytes = new Uint8Array(factorBytes + planeBytes * 2);
  const rest = vector.map((value, index) => value - (center[index] ?? 0));
  const squares = rest.reduce((sum, value) => sum + value * value, 0);
  const border = largeFrom * Math.sqrt(squares / rest.length);
  let [bySigns, byBoth] = [0, 0];
  for (const [index, value] of rest.entries()) {
    const size = Math.abs(value);
    const isLarge = size >= border;
    const at = factorBytes + (index >> 3);
    const bit = 1 << (index & 7);
    bySigns += size;
    byBoth += isLarge ? size * 3 : size;
    if (value > 0) bytes[at] = (bytes[at] ?? 0) | bit;
    if (isLarge) bytes[at + planeBytes] = (bytes[at + planeBytes] ?? 0) | bit;
  }
  const view = new DataView(bytes.buffer);
  view.setFloat32(0, bySigns === 0 ? 0 : squares / bySigns, true);
  view.setFloat32(4, byBoth === 0 ? 0 : squares / byBoth, true);
  return bytes;
}

/** `question · vector ≈ base + factor · step · (sum of the table's entries for the code's bytes)`. */
export interface QuestionTable {
  /** 256 entries for each byte of a code. */
  readonly entries: Int16Array;
  readonly step: number;
  readonly base: number;
  /** The question itself, for the second look. */
  readonly question: Float32Array;
}

/** Keeps the sum of eight numbers within 16 bits. */
const largestNumber = 4095;

export function prepareQuestion(question: Float32Array, center: Float32Array): QuestionTable {
  const bytes = codeWords(question.length) * 4;
  const largest = question.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const step = largest / largestNumber || 1;
  const entries = new Int16Array(bytes * 256);
  let base = 0;
  for (let index = 0; index < question.length; index++) base += (question[index] ?? 0) * (center[index] ?? 0);
  for (let byte = 0; byte < bytes; byte++) {
    const numbers = Array.from({ length: 8 }, (_, bit) => Math.round((question[byte * 8 + bit] ?? 0) / step));
    const table = entries.subarray(byte * 256, byte * 256 + 256);
    table[0] = -numbers.reduce((sum, number) => sum + number, 0);
    for (let value = 1; value < 256; value++) {
      // One bit more than an entry that is there already: its number counts for instead of against.
      const lowest = 31 - Math.clz32(value & -value);
      table[value] = (table[value & (value - 1)] ?? 0) + 2 * (numbers[lowest] ?? 0);
    }
  }
  return { entries, step, base, question };
}
