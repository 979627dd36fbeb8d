/** One measurement of one model. */
export interface Speed {
  readonly decodePerSecond: number;
  readonly promptPerSecond: number;
  /** From asking to the first token, with a prompt of a few words. */
  readonly firstTokenMs: number;
}

export const decodeTokens = 128;
/** Asked one after the other in one process; the median counts, so that nobody's warm-up does. */
export const repeats = 5;
export const longPrompt = "The quick brown fox jumps over the lazy dog. ".repeat(60);
export const shortPrompt = "Write a long story about a lighthouse keeper and the sea.";
export const contextSize = 2048;

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
