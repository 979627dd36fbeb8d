import { deskError } from "@deskside/contract";
import type { MeasureInput, MeasuredSpeed } from "@deskside/contract/engine";
import type { LlamaContextSequence, LlamaModel, Token } from "node-llama-cpp";
import type { LoadedModel } from "./loaded-model.ts";

/**
 * Prompt and decode speed of the loaded model, as llama-bench measures them: made-up tokens, an empty cache, greedy
 * choice, no end of the answer. With `threads` in a context of its own that is freed afterwards, else in the one that
 * answers. Throws CONTEXT_OVERFLOW when both parts do not fit; the signal's reason between two pieces.
 */
export async function measureSpeed(
  loaded: LoadedModel,
  input: MeasureInput,
  signal: AbortSignal | undefined,
): Promise<MeasuredSpeed> {
  const needed = input.promptTokens + input.outputTokens + 1;
  const contextSize = input.threads === null ? loaded.loaded.contextSize : needed + 1;
  if (needed > contextSize)
    throw deskError("CONTEXT_OVERFLOW", { promptTokens: input.promptTokens, contextSize, room: input.outputTokens });
  let result: MeasuredSpeed | undefined;
  for await (const measured of loaded.lease(async function* () {
    yield await run(loaded, input, signal);
  })) {
    result = measured;
  }
  if (!result) throw deskError("GENERATION_FAILED", { detail: "nothing was measured" });
  return result;
}

async function run(loaded: LoadedModel, input: MeasureInput, signal: AbortSignal | undefined): Promise<MeasuredSpeed> {
  signal?.throwIfAborted();
  if (input.threads === null) return measure(loaded.model, loaded.plain.sequence, input, signal);
  const context = await loaded.model.createContext({
    contextSize: input.promptTokens + input.outputTokens + 2,
    batchSize: loaded.batchSize,
    threads: input.threads,
    ignoreMemorySafetyChecks: true,
    failedCreationRemedy: false,
    batching: { dispatchSchedule: (dispatch) => dispatch() },
  });
  try {
    return await measure(loaded.model, context.getSequence(), input, signal);
  } finally {
    await context.dispose();
  }
}

async function measure(
  model: LlamaModel,
  sequence: LlamaContextSequence,
  input: MeasureInput,
  signal: AbortSignal | undefined,
): Promise<MeasuredSpeed> {
  const prompt = madeUpTokens(model, input.promptTokens + 1);
  // The first evaluation touches pages and buffers for the first time: not the speed of the model.
  await sequence.clearHistory();
  await sequence.evaluateWithoutGeneratingNewTokens(prompt.slice(0, 8));
  await sequence.clearHistory();
  const started = performance.now();
  for (let at = 0; at < input.promptTokens; at += piece) {
    signal?.throwIfAborted();
    await sequence.evaluateWithoutGeneratingNewTokens(prompt.slice(at, Math.min(at + piece, input.promptTokens)));
  }
  const read = performance.now();
  let first = read;
  let last = read;
  let count = 0;
  let next = prompt.slice(-1);
  while (count < input.outputTokens) {
    signal?.throwIfAborted();
    // An end-of-answer token ends an evaluation; the measurement goes on from an ordinary one.
    for await (const token of sequence.evaluate(next, { temperature: 0, yieldEogToken: true })) {
      last = performance.now();
      if (count++ === 0) first = last;
      if (count >= input.outputTokens || signal?.aborted || model.isEogToken(token)) break;
    }
    next = prompt.slice(0, 1);
  }
  await sequence.clearHistory();
  const decoded = last - first;
  return {
    promptTokensPerSecond: input.promptTokens > 0 ? (input.promptTokens / (read - started)) * 1000 : null,
    tokensPerSecond: count > 1 && decoded > 0 ? ((count - 1) / decoded) * 1000 : null,
    firstTokenMs: first - started,
  };
}

/** Between two pieces a cancel is heard. */
const piece = 512;

/** The same for every run: ordinary tokens spread over the vocabulary. */
function madeUpTokens(model: LlamaModel, count: number): Token[] {
  const size = model.fileInfo.metadata.tokenizer?.ggml?.tokens?.length ?? 1000;
  const tokens: Token[] = [];
  for (let at = 1; tokens.length < count; at++) {
    const token = ((at * 7919) % size) as Token;
    if (!model.isEogToken(token)) tokens.push(token);
  }
  return tokens;
}
