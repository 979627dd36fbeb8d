import { deskError } from "@deskside/contract";
import type { GenerateEvent, Prompt } from "@deskside/contract/engine";
import type { Sampling } from "@deskside/contract";
import type { SequenceEvaluateOptions, Token } from "node-llama-cpp";
import { type AddedText, type AnswerText, createAnswerText } from "./answer-text.ts";
import type { LoadedModel, PromptTokens } from "./loaded-model.ts";
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
  const { tokens, insideReasoning, answerBegun } = job.prompt;
  const answer = createAnswerText({
    tokens: createTokenText(loaded.model, tokens.slice(-8)),
    marks: answerBegun ? null : loaded.loaded.reasoning,
    insideReasoning,
    stop: job.sampling.stop ?? [],
  });
  const limit = Math.min(job.sampling.maxTokens ?? Number.POSITIVE_INFINITY, job.room);
  const recent: Token[] = [];
  let firstTokenAt: number | null = null;
  let flushedAt = 0;

  const last = tokens[tokens.length - 1] as Token;
  for await (const token of loaded.sequence.evaluate([last], evaluateOptions(job.sampling, recent))) {
    signal?.throwIfAborted();
    const now = performance.now();
    const first = firstTokenAt === null;
    firstTokenAt ??= now;
    recent.push(token);
    answer.push(token, now);
    if (answer.stopped || answer.outputTokens >= limit) break;
    if (!first && now - flushedAt < flushEveryMs) continue;
    flushedAt = now;
    const added = answer.take();
    if (first || added.text !== "" || added.reasoning !== "") yield textEvent(answer, added, firstTokenAt);
  }
  signal?.throwIfAborted();
  const ended = performance.now();

  const rest = answer.end();
  if (rest.text !== "" || rest.reasoning !== "") yield textEvent(answer, rest, firstTokenAt);
  yield {
    type: "finish",
    reason: finishReason(answer, { limit, room: job.room }),
    outputTokens: answer.outputTokens,
    reasoningTokens: answer.reasoningTokens,
    firstTokenMs: firstTokenAt === null ? null : firstTokenAt - job.started,
    decodeMs: firstTokenAt === null ? 0 : ended - firstTokenAt,
    contextUsed: loaded.sequence.nextTokenIndex,
  };
}

function textEvent(answer: AnswerText, added: AddedText, firstTokenAt: number | null): GenerateEvent {
  const { outputTokens, reasoningTokens, reasoningUntil } = answer;
  const reasoningMs = reasoningUntil === null || firstTokenAt === null ? null : reasoningUntil - firstTokenAt;
  return { type: "text", ...added, outputTokens, reasoningTokens, reasoningMs };
}

function finishReason(answer: AnswerText, { limit, room }: { limit: number; room: number }) {
  if (answer.stopped) return "stop-text";
  if (answer.outputTokens < limit) return "end";
  return answer.outputTokens >= room ? "context" : "length";
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
