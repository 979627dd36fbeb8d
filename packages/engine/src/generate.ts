import { deskError } from "@deskside/contract";
import type { GenerateEvent, GenerateInput } from "@deskside/contract/engine";
import type { Sampling } from "@deskside/contract";
import type { Token } from "node-llama-cpp";
import { type AddedText, type AnswerText, createAnswerText } from "./answer-text.ts";
import type { AnswerLane } from "./decode/answer-lanes.ts";
import { writeTokens } from "./decode/write-tokens.ts";
import type { LoadedModel, PromptTokens } from "./loaded-model.ts";
import { createTokenText } from "./token-text.ts";

/** Text is sent this often while tokens come faster than people read; windows are told no more often than that. */
const flushEveryMs = 30;
/** A prompt is evaluated in pieces of this many tokens, so that a cancel is heard between them. */
const promptPiece = 128;
/** Tokens that must stay free for an answer to make sense. */
export const smallestRoom = 16;

interface Job {
  readonly prompt: PromptTokens;
  readonly sampling: Sampling;
  readonly adapters: readonly string[];
  /** Monotonic. */
  readonly started: number;
}

/**
 * Streams one answer. Throws CONTEXT_OVERFLOW before anything is evaluated, ADAPTER_MISMATCH for an adapter that is not
 * in the plan, and what making a context for it throws. Ends within one batch after an abort.
 */
export async function* generate(
  loaded: LoadedModel,
  input: GenerateInput,
  signal: AbortSignal | undefined,
): AsyncGenerator<GenerateEvent> {
  const started = performance.now();
  const prompt = await loaded.promptTokens(input.prompt);
  const { sampling, adapters } = input;
  yield* loaded.lease(() => run(loaded, { prompt, sampling, adapters, started }, signal));
}

async function* run(loaded: LoadedModel, job: Job, signal: AbortSignal | undefined): AsyncGenerator<GenerateEvent> {
  signal?.throwIfAborted();
  const { tokens } = job.prompt;
  const contextSize = loaded.loaded.contextSize;
  if (tokens.length + smallestRoom > contextSize) {
    throw deskError("CONTEXT_OVERFLOW", { promptTokens: tokens.length, contextSize, room: smallestRoom });
  }
  const lane = await loaded.lane(job.adapters, signal);
  yield* readPrompt(lane, tokens, signal);
  yield* decode({ loaded, lane }, { ...job, room: contextSize - tokens.length - 1 }, signal);
}

/** Evaluates all but the last token of the prompt and keeps what an earlier turn has evaluated already. */
async function* readPrompt(
  { sequence }: AnswerLane,
  tokens: readonly Token[],
  signal: AbortSignal | undefined,
): AsyncGenerator<GenerateEvent> {
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
  { loaded, lane }: { loaded: LoadedModel; lane: AnswerLane },
  job: Job & { room: number },
  signal: AbortSignal | undefined,
): AsyncGenerator<GenerateEvent> {
  const answer = startAnswer(loaded, job);
  const limit = Math.min(job.sampling.maxTokens ?? Number.POSITIVE_INFINITY, job.room);
  let firstTokenAt: number | null = null;
  let flushedAt = 0;
  const { tokens, draft } = writeTokens({ loaded, lane, answer }, job);
  for await (const token of tokens) {
    signal?.throwIfAborted();
    const now = performance.now();
    const first = firstTokenAt === null;
    firstTokenAt ??= now;
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
    contextUsed: lane.sequence.nextTokenIndex,
    ...(draft ? { draft } : {}),
  };
}

function startAnswer(loaded: LoadedModel, { prompt, sampling }: Job): AnswerText {
  return createAnswerText({
    tokens: createTokenText(loaded.model, prompt.tokens.slice(-8)),
    marks: prompt.answerBegun ? null : loaded.loaded.reasoning,
    insideReasoning: prompt.insideReasoning,
    stop: sampling.stop ?? [],
  });
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
