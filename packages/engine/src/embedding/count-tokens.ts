import { setImmediate as nextTurn } from "node:timers/promises";
import type { LoadedForPurpose } from "./load-for-purpose.ts";

/** Characters between two looks at the event loop: some 15 ms of tokenizing. */
const charactersAtOnce = 100_000;

/** Tokens of each text, without special ones; heartbeats are answered meanwhile. Throws the signal's reason. */
export async function countTokens(
  current: Pick<LoadedForPurpose, "tokenize">,
  texts: readonly string[],
  signal?: AbortSignal,
): Promise<{ tokens: number[] }> {
  const tokens: number[] = [];
  let characters = 0;
  for (const text of texts) {
    tokens.push(current.tokenize(text, false).length);
    characters += text.length;
    if (characters < charactersAtOnce) continue;
    characters = 0;
    await nextTurn();
    signal?.throwIfAborted();
  }
  return { tokens };
}
