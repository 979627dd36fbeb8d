import { deskError } from "@deskside/contract";
import type { GenerateEvent, Prompt } from "@deskside/contract/engine";
import type { Sampling } from "@deskside/contract";
import type { SequenceEvaluateOptions, Token } from "node-llama-cpp";
import type { LoadedModel, PromptTokens } from "./loaded-model.ts";
import { createReasoningSplitter } from "./reasoning-splitter.ts";
import { createStopScanner } from "./stop-scanner.ts";
import { createTokenText } from "./token-text.ts";

/** Text is sent this often while tokens come faster than people read; windows are told no more often than that. */
const flushEveryMs = 30;
/** A prompt is evaluated in pieces of this many tokens, so that a cancel is heard between them. */
const promptPiece = 128;
/** Tokens that must stay free for an answer to make sense. */
export const smallestRoom = 16;

/** Streams one answer. Throws CONTEXT_OVERFLOW before anything is evaluated. Ends within one batch after an abort. */
export async function* generate(
  loaded: LoadedModel,
  input: { prompt: Prompt; sampling: Sampling },
  signal: AbortSignal | undefined,
): AsyncGenerator<GenerateEvent> {
  const started = performance.now();
  const prompt = await loaded.promptTokens(input.prompt);
  yield* loaded.lease(() => run(loaded, { prompt, sampling: input.sampling, started }, signal));
}

async function* run(
  loaded: LoadedModel,
  job: { prompt: PromptTokens; sampling: Sampling; started: number },
  signal: AbortSignal | undefined,
): AsyncGenerator<GenerateEvent> {
  signal?.throwIfAborted();
  const { tokens } = job.prompt;
  const contextSize = loaded.loaded.contextSize;
  if (tokens.length + smallestRoom > contextSize) {
    throw deskError("CONTEXT_OVERFLOW", { promptTokens: tokens.length, contextSize, room: smallestRoom });
  }
  yield* readPrompt(loaded, tokens, signal);
  yield* decode(loaded, { ...job, room: contextSize - tokens.length - 1 }, signal);
}

/** Evaluates all but the last token of the prompt and keeps what an earlier turn has evaluated already. */
async function* readPrompt(
  loaded: LoadedModel,
  tokens: readonly Token[],
  signal: AbortSignal | undefined,
): AsyncGenerator<GenerateEvent> {
  const { sequence } = loaded;
  const head = tokens.slice(0, -1);
  await sequence.adaptStateToTokens(head as Token[], false);
  const cachedTokens = sequence.nextTokenIndex;
  let evaluated = cachedTokens;
  yield { type: "prompt", tokens: tokens.length, cachedTokens, evaluated };
  while (evaluated < head.length) {
    signal?.throwIfAborted();
    const piece = head.slice(evaluated, evaluated + promptPiece);
    await sequence.evaluateWithoutGeneratingNewTokens(piece);
    evaluated += piece.length;
    if (evaluated < head.length) yield { type: "prompt", tokens: tokens.length, cachedTokens, evaluated };
  }
  signal?.throwIfAborted();
}

async function* decode(
  loaded: LoadedModel,
  job: { prompt: PromptTokens; sampling: Sampling; started: number; room: number },
  signal: AbortSignal | undefined,
): AsyncGenerator<GenerateEvent> {
  const { sequence, model } = loaded;
  const { tokens, insideReasoning, answerBegun } = job.prompt;
  const text = createTokenText(model, tokens.slice(-8));
  const splitter = createReasoningSplitter(answerBegun ? null : loaded.loaded.reasoning, insideReasoning);
  const stop = createStopScanner(job.sampling.stop ?? []);
  const everyToken = (job.sampling.stop?.length ?? 0) > 0;
  const limit = Math.min(job.sampling.maxTokens ?? Number.POSITIVE_INFINITY, job.room);
  const recent: Token[] = [];

  let outputTokens = 0;
  let reasoningTokens = 0;
  let firstTokenMs: number | null = null;
  let firstTokenAt = 0;
  let flushedAt = 0;
  let reason: "end" | "length" | "context" | "stop-text" = "end";

  const event = (chunk: string): GenerateEvent & { stopped: boolean } => {
    const parts = splitter.push(chunk);
    const scanned = stop.push(parts.text);
    return {
      type: "text",
      text: scanned.text,
      reasoning: parts.reasoning,
      outputTokens,
      reasoningTokens,
      stopped: scanned.stopped,
    };
  };

  const options = evaluateOptions(job.sampling, recent);
  for await (const token of sequence.evaluate([tokens[tokens.length - 1] as Token], options)) {
    signal?.throwIfAborted();
    outputTokens++;
    if (splitter.inReasoning) reasoningTokens++;
    recent.push(token);
    text.push(token);
    const now = performance.now();
    const first = firstTokenMs === null;
    if (first) {
      firstTokenMs = now - job.started;
      firstTokenAt = now;
    }
    const full = outputTokens >= limit;
    if (first || full || everyToken || now - flushedAt >= flushEveryMs) {
      flushedAt = now;
      const { stopped, ...out } = event(text.take());
      if (out.type === "text" && (first || out.text !== "" || out.reasoning !== "")) yield out;
      if (stopped) {
        reason = "stop-text";
        break;
      }
    }
    if (full) {
      reason = outputTokens >= job.room ? "context" : "length";
      break;
    }
  }
  signal?.throwIfAborted();

  if (reason !== "stop-text") {
    const middle = splitter.push(text.end());
    const rest = splitter.end();
    const scanned = stop.push(middle.text + rest.text);
    if (scanned.stopped) reason = "stop-text";
    const tail = scanned.text + (scanned.stopped ? "" : stop.end());
    const reasoning = middle.reasoning + rest.reasoning;
    if (tail !== "" || reasoning !== "") yield { type: "text", text: tail, reasoning, outputTokens, reasoningTokens };
  }
  yield {
    type: "finish",
    reason,
    outputTokens,
    reasoningTokens,
    firstTokenMs,
    decodeMs: firstTokenMs === null ? 0 : performance.now() - firstTokenAt,
    contextUsed: sequence.nextTokenIndex,
  };
}

function evaluateOptions(sampling: Sampling, recent: Token[]): SequenceEvaluateOptions {
  const penalty = sampling.repeatPenalty ?? 1;
  const window = sampling.repeatLastTokens ?? 64;
  return {
    temperature: sampling.temperature ?? 0,
    ...(sampling.topP === undefined ? {} : { topP: sampling.topP }),
    ...(sampling.topK === undefined ? {} : { topK: sampling.topK }),
    ...(sampling.minP === undefined ? {} : { minP: sampling.minP }),
    ...(sampling.seed === undefined ? {} : { seed: sampling.seed }),
    ...(penalty === 1 || window === 0 ? {} : { repeatPenalty: { punishTokens: () => recent.slice(-window), penalty } }),
  };
}
