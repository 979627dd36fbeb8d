/** One measurement of one model. */
export interface Speed {
  readonly decodePerSecond: number;
  readonly promptPerSecond: number;
  /** From asking to the first token, with a prompt of a few words. */
  readonly firstTokenMs: number;
}

export const decodeTokens = 128;
export const longPrompt = "The quick brown fox jumps over the lazy dog. ".repeat(60);
export const shortPrompt = "Tell me a story about the sea.";
export const contextSize = 2048;
