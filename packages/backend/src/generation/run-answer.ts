import { type Clock, createId, type DesksideError, isCancellation, isDesksideError, withSignal } from "@deskside/base";
import { deskError, type GenerationEvent, type Message, type Sampling } from "@deskside/contract";
import type { GenerateEvent, Prompt } from "@deskside/contract/engine";
import type { ResolvedModel } from "@deskside/model-library";
import type { Principal, Workspace } from "@deskside/storage";
import type { EngineSlot } from "../engines/engine-slot.ts";
import type { EngineSupervisor } from "../engines/engine-supervisor.ts";
import type { Logger } from "../log/logger.ts";
import type { LiveAnswer } from "./live-answer.ts";

/** Text of a running answer is on disk at most this late. */
export const saveEveryMs = 250;

export interface AnswerJob {
  principal: Principal;
  live: LiveAnswer;
  model: ResolvedModel;
  prompt: Prompt;
  sampling: Sampling;
  signal: AbortSignal;
}

interface AnswerDeps {
  workspace: Workspace;
  engines: EngineSupervisor;
  clock: Clock;
  log: Logger;
}

type Terminal = Extract<GenerationEvent, { type: "done" | "cancelled" | "failed" }>;
type Finish = NonNullable<Message["finish"]>;

/** Lets the model write one answer, keeps it on disk as it grows and stores how it ended. Throws only when that fails. */
export async function runAnswer(job: AnswerJob, deps: AnswerDeps): Promise<Terminal> {
  const started = deps.clock.monotonic();
  const saver = createSaver(job, deps);
  let slot: EngineSlot | undefined;
  try {
    slot = await deps.engines.slot(job.model.id);
    using _occupied = slot.occupy();
    const finish = await stream(job, slot, deps.clock, saver);
    job.live.update({ stats: { totalMs: deps.clock.monotonic() - started } });
    slot.answered({ tokensPerSecond: job.live.stats.tokensPerSecond, contextUsed: finish.contextUsed });
    return { type: "done", message: saver.finish("complete", finish.reason, null) };
  } catch (error) {
    job.live.update({ stats: { totalMs: deps.clock.monotonic() - started } });
    if (isCancellation(error, job.signal) || job.signal.aborted) {
      return { type: "cancelled", message: saver.finish("stopped", "user", null) };
    }
    const ours = await explain(error, slot, job, deps.log);
    return { type: "failed", message: saver.finish("failed", "error", ours) };
  } finally {
    saver.stop();
  }
}

async function stream(job: AnswerJob, slot: EngineSlot, clock: Clock, saver: Saver) {
  const { live, signal } = job;
  const wait = slot.ready();
  live.update({ phase: "loading", progress: slot.state.progress });
  const client = await withSignal(wait, signal);
  live.update({ phase: "reading", progress: 0 });
  const before = { output: live.stats.outputTokens, reasoning: live.stats.reasoningTokens };
  let reasoningSince: number | null = null;
  const input = { prompt: job.prompt, sampling: job.sampling };
  for await (const event of await client.generate(input, { signal })) {
    if (event.type === "finish") {
      live.update({ stats: figures(event, before) });
      return event;
    }
    if (event.type === "prompt") {
      const progress = event.tokens === 0 ? 1 : event.evaluated / event.tokens;
      live.update({ progress, stats: { promptTokens: event.tokens, cachedTokens: event.cachedTokens } });
      continue;
    }
    const reasoning =
      event.reasoning !== "" ||
      (event.reasoningTokens === event.outputTokens && event.text === "" && event.reasoningTokens > 0);
    if (reasoning) reasoningSince ??= clock.monotonic();
    const reasoningMs =
      reasoningSince === null || event.text !== "" ? live.stats.reasoningMs : clock.monotonic() - reasoningSince;
    live.update({
      phase: reasoning ? "reasoning" : "answering",
      progress: null,
      text: event.text,
      reasoning: event.reasoning,
      stats: {
        outputTokens: before.output + event.outputTokens,
        reasoningTokens: before.reasoning + event.reasoningTokens,
        reasoningMs,
      },
    });
    saver.touch();
  }
  throw deskError("GENERATION_FAILED", { detail: "the engine ended the answer without a result" });
}

function figures(event: Extract<GenerateEvent, { type: "finish" }>, before: { output: number; reasoning: number }) {
  const decoded = event.outputTokens - 1;
  return {
    outputTokens: before.output + event.outputTokens,
    reasoningTokens: before.reasoning + event.reasoningTokens,
    firstTokenMs: event.firstTokenMs,
    tokensPerSecond: decoded > 0 && event.decodeMs > 0 ? (decoded / event.decodeMs) * 1000 : null,
  };
}

interface Saver {
  /** Something grew: it is stored within `saveEveryMs`. */
  touch(): void;
  finish(status: "complete" | "stopped" | "failed", finish: Finish, error: DesksideError | null): Message;
  stop(): void;
}

function createSaver(job: AnswerJob, deps: AnswerDeps): Saver {
  const { principal, live } = job;
  let timer: NodeJS.Timeout | undefined;
  const save = () => {
    timer = undefined;
    const { id: messageId, text, reasoning } = live.message;
    try {
      deps.workspace.messages.appendRunning(principal, { messageId, text, reasoning, stats: live.stats });
    } catch (error) {
      // The next save, or the end, tries again; the end reports it.
      deps.log.warn({ err: error, messageId }, "running answer could not be stored");
    }
  };
  const stop = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  return {
    touch() {
      timer ??= setTimeout(save, saveEveryMs);
    },
    stop,
    finish(status, finish, error) {
      stop();
      const { id: messageId, text, reasoning } = live.message;
      return deps.workspace.transaction(() => {
        deps.workspace.messages.appendRunning(principal, { messageId, text, reasoning, stats: live.stats });
        return deps.workspace.messages.finish(principal, {
          messageId,
          status,
          finish,
          error: error ? { code: error.code, kind: error.kind, data: { ...error.data } } : null,
          stats: live.stats,
        });
      });
    },
  };
}

/** A failure in the user's terms: what happened to the engine, and how much of the answer is kept. */
async function explain(
  error: unknown,
  slot: EngineSlot | undefined,
  job: AnswerJob,
  log: Logger,
): Promise<DesksideError> {
  const keptTokens = job.live.stats.outputTokens;
  if (isDesksideError(error, "PEER_GONE") && slot) return slot.explainEnd(keptTokens);
  if (isDesksideError(error) && error.kind !== "internal") return error;
  const incident = createId("inc");
  log.error({ err: error, incident }, "answer failed");
  return deskError("INTERNAL", { incident });
}
