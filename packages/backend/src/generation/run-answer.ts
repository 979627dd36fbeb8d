import { type Clock, createId, type DesksideError, isCancellation, isDesksideError, withSignal } from "@deskside/base";
import { deskError, type GenerationEvent, type Grounding, type Message, type Sampling } from "@deskside/contract";
import type { GenerateEvent, Prompt } from "@deskside/contract/engine";
import type { ResolvedModel } from "@deskside/model-library";
import type { Principal, Workspace } from "@deskside/storage";
import type { EngineLease, EngineSlot } from "../engines/engine-slot.ts";
import type { EngineSupervisor } from "../engines/engine-supervisor.ts";
import type { Logger } from "../log/logger.ts";
import type { AnswerActivity, AnswerMarks } from "../monitor/answer-activity.ts";
import { type DocumentSearch, type DocumentTask, type LookedUp, lookUp } from "./documents/look-up.ts";
import type { LiveAnswer } from "./live-answer.ts";

/** Text of a running answer is on disk at most this late. */
export const saveEveryMs = 250;

export interface AnswerJob {
  principal: Principal;
  live: LiveAnswer;
  model: ResolvedModel;
  /** Of a question that is not looked up in documents. */
  prompt: Prompt;
  /** Null: the model answers by itself. */
  documents: DocumentTask | null;
  sampling: Sampling;
  signal: AbortSignal;
}

interface AnswerDeps {
  workspace: Workspace;
  engines: EngineSupervisor;
  documents: DocumentSearch;
  /** For the monitor: answers that wait, run and end. */
  activity: AnswerActivity;
  clock: Clock;
  log: Logger;
}

type Terminal = Extract<GenerationEvent, { type: "done" | "cancelled" | "failed" }>;
type Finish = NonNullable<Message["finish"]>;

/** Lets the model write one answer, keeps it on disk as it grows and stores how it ended. Throws only when that fails. */
export async function runAnswer(job: AnswerJob, deps: AnswerDeps): Promise<Terminal> {
  const started = deps.clock.monotonic();
  const saver = createSaver(job, deps);
  using marks = deps.activity.begin();
  let lease: EngineLease | undefined;
  try {
    const slot = await deps.engines.slot(job.model.id);
    using _occupied = slot.occupy();
    const retrieved = job.documents && (await search(job, job.documents, deps));
    lease = await waitForEngine(job, slot);
    job.live.update({ stats: { queueMs: deps.clock.monotonic() - started } });
    const contextSize = slot.state.contextSize ?? job.model.description.contextSize;
    const found =
      job.documents && retrieved && (await lookUp(job.documents, retrieved, { ...job, lease, contextSize }));
    const finish =
      found?.prompt === null ? null : await stream(job, lease, { saver, marks }, found?.prompt ?? job.prompt);
    const concluded = found && (await conclude(job, found, finish !== null));
    job.live.update({ stats: { totalMs: deps.clock.monotonic() - started } });
    const { tokensPerSecond } = job.live.stats;
    if (finish) slot.answered({ tokensPerSecond, outputTokens: finish.outputTokens, contextUsed: finish.contextUsed });
    return { type: "done", message: saver.finish("complete", finish?.reason ?? "end", null, concluded ?? undefined) };
  } catch (error) {
    job.live.update({ stats: { totalMs: deps.clock.monotonic() - started } });
    if (isCancellation(error, job.signal) || job.signal.aborted) {
      return { type: "cancelled", message: saver.finish("stopped", "user", null) };
    }
    const ours = await explain(error, lease, job, deps.log);
    return { type: "failed", message: saver.finish("failed", "error", ours) };
  } finally {
    saver.stop();
  }
}

async function waitForEngine({ live, signal }: AnswerJob, slot: EngineSlot): Promise<EngineLease> {
  const wait = slot.ready();
  live.update({ phase: "loading", progress: slot.state.progress });
  const lease = await withSignal(wait, signal);
  live.update({ phase: "reading", progress: 0 });
  return lease;
}

/** Documents first: while they are searched the model may be loading. */
async function search(job: AnswerJob, task: DocumentTask, { documents }: AnswerDeps) {
  job.live.update({ phase: "searching" });
  return documents.retrieve(job.principal, task, job.signal);
}

/** What is shown in the end: the model's words are kept only where the passages carry them. */
async function conclude({ live, signal }: AnswerJob, found: LookedUp, wasAsked: boolean) {
  live.update({ phase: "checking", progress: null });
  return found.conclude(wasAsked ? live.message.text : null, signal);
}

async function stream(
  job: AnswerJob,
  lease: EngineLease,
  { saver, marks }: { saver: Saver; marks: AnswerMarks },
  prompt: Prompt,
) {
  const { live, signal } = job;
  // An answer that is continued counts on from what it had.
  const { outputTokens, reasoningTokens, reasoningMs } = live.stats;
  const before = { output: outputTokens, reasoning: reasoningTokens, reasoningMs: reasoningMs ?? 0 };
  // What was trained for questions on documents takes part in nothing else.
  const adapters = job.documents ? lease.adapters.filter((name) => name === "documents") : [];
  const input = { prompt, sampling: job.sampling, adapters };
  for await (const event of await lease.client.generate(input, { signal })) {
    marks.running();
    if (event.type !== "prompt") marks.wrote(event.outputTokens);
    if (event.type === "finish") {
      marks.finished(event.firstTokenMs);
      live.update({ stats: figures(event, before) });
      return event;
    }
    if (event.type === "prompt") {
      const progress = event.tokens === 0 ? 1 : event.evaluated / event.tokens;
      live.update({ progress, stats: { promptTokens: event.tokens, cachedTokens: event.cachedTokens } });
      continue;
    }
    live.update({
      phase: event.text === "" && event.reasoningTokens === event.outputTokens ? "reasoning" : "answering",
      progress: null,
      text: event.text,
      reasoning: event.reasoning,
      stats: {
        outputTokens: before.output + event.outputTokens,
        reasoningTokens: before.reasoning + event.reasoningTokens,
        ...(event.reasoningMs === null ? {} : { reasoningMs: before.reasoningMs + event.reasoningMs }),
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
    decodeMs: event.decodeMs,
    ...(event.draft ? { draftTokens: event.draft.proposed, draftAcceptedTokens: event.draft.accepted } : {}),
    tokensPerSecond: decoded > 0 && event.decodeMs > 0 ? (decoded / event.decodeMs) * 1000 : null,
  };
}

interface Saver {
  /** Something grew: it is stored within `saveEveryMs`. */
  touch(): void;
  /** `concluded` replaces what the model wrote. */
  finish(
    status: "complete" | "stopped" | "failed",
    finish: Finish,
    error: DesksideError | null,
    concluded?: { text: string; grounding: Grounding },
  ): Message;
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
    finish(status, finish, error, concluded) {
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
          ...concluded,
        });
      });
    },
  };
}

/** A failure in the user's terms: what happened to the engine, and how much of the answer is kept. */
async function explain(
  error: unknown,
  lease: EngineLease | undefined,
  job: AnswerJob,
  log: Logger,
): Promise<DesksideError> {
  const keptTokens = job.live.stats.outputTokens;
  if (isDesksideError(error, "PEER_GONE") && lease) return lease.explainEnd(keptTokens);
  if (isDesksideError(error) && error.kind !== "internal") return error;
  const incident = createId("inc");
  log.error({ err: error, incident }, "answer failed");
  return deskError("INTERNAL", { incident });
}
