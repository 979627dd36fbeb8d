import type { Clock } from "@deskside/base";
import { isAllowedAt, nextAllowedAt } from "./allowed-hours.ts";
import { type DownloadEntry, errorDataOf } from "./download-entry.ts";
import type { DownloadPause, DownloadRequest, DownloadSource } from "./download-types.ts";
import { createOutageWatch, type OutageWatch } from "./outage-watch.ts";
import type { QueueState } from "./queue-state.ts";
import { missingBytes, type RunContext, type RunEvents, runDownload } from "./run-download.ts";
import { TransferFault } from "./transfer/transfer-fault.ts";

export type StopReason = "user" | "schedule" | "cancel" | "close";

/** Why a run was ended on purpose. */
class Stopped extends Error {
  readonly why: StopReason;
  constructor(why: StopReason) {
    super(`stopped: ${why}`);
    this.name = "AbortError";
    this.why = why;
  }
}

export type TokenFor = (source: DownloadSource) => Promise<string | undefined>;

/** Runs the first ones of the queue that may run. */
export interface QueueRunner extends AsyncDisposable {
  /** Starts as many as are allowed now. */
  pump(): void;
  /** Ends a run; resolves when nothing of it is left running. */
  stop(entry: DownloadEntry, why: StopReason): Promise<void>;
  /** Makes it a candidate again. */
  wake(entry: DownloadEntry): void;
  hold(entry: DownloadEntry, pausedBy: DownloadPause): void;
  /** Looks at the hours, at the free space and at the network. */
  tick(): Promise<void>;
}

export function createQueueRunner(
  queue: QueueState,
  context: RunContext,
  clock: Clock,
  options: { readonly tokenFor: TokenFor | undefined; readonly onError: (error: unknown) => void },
): QueueRunner {
  const { tokenFor, onError } = options;
  const isAllowed = (entry: DownloadEntry) =>
    entry.ignoresHours || isAllowedAt(queue.limits.schedule, new Date(clock.now()));
  const outages = createOutageWatch({
    ...{ queue, http: context.http, clock, tuning: context.tuning, onError },
    onBack(entry) {
      runner.wake(entry);
      runner.pump();
    },
  });
  const launch = createLaunch(queue, context, { tokenFor, outages, onEnd: () => runner.pump() });
  const runner: QueueRunner = {
    pump() {
      if (queue.isClosed) return;
      let running = queue.entries.filter((entry) => entry.running !== null).length;
      for (const entry of queue.entries) {
        if (entry.state !== "waiting" || entry.running !== null) continue;
        if (!isAllowed(entry)) runner.hold(entry, "schedule");
        else if (running < queue.limits.maxRunning) {
          running++;
          launch(entry);
        }
      }
    },
    async stop(entry, why) {
      entry.running?.controller.abort(new Stopped(why));
      await entry.running?.ended;
    },
    wake(entry) {
      Object.assign(entry, { state: "waiting", pausedBy: null, resumesAt: null, error: null });
      queue.emit(entry);
    },
    hold(entry, pausedBy) {
      const resumesAt = pausedBy === "schedule" ? nextAllowedAt(queue.limits.schedule, new Date(clock.now())) : null;
      Object.assign(entry, { state: "paused", pausedBy, resumesAt, error: null, ignoresHours: false });
      queue.emit(entry);
    },
    async tick() {
      await lookAround(queue, runner, context, isAllowed);
      outages.look();
    },
    [Symbol.asyncDispose]: () => outages[Symbol.asyncDispose](),
  };
  return runner;
}

type IsAllowed = (entry: DownloadEntry) => boolean;

async function lookAround(queue: QueueState, runner: QueueRunner, context: RunContext, isAllowed: IsAllowed) {
  for (const entry of queue.entries) {
    const mayRun = isAllowed(entry);
    if (entry.running && !mayRun) {
      await runner.stop(entry, "schedule");
      if (entry.state === "paused") runner.hold(entry, "schedule");
    }
    if (entry.state !== "paused") continue;
    if (entry.pausedBy === "schedule") {
      if (mayRun) runner.wake(entry);
      // The hours may be others by now.
      else runner.hold(entry, "schedule");
    }
    if (entry.pausedBy === "no-space" && (await hasRoom(context, entry))) runner.wake(entry);
  }
  runner.pump();
}

function eventsOf(entry: DownloadEntry, queue: QueueState, clock: Clock): RunEvents {
  return {
    onSource(source) {
      entry.source = source;
      queue.emitSoon(entry);
    },
    onBytes(file, written) {
      const more = Math.max(0, written - (entry.written[file] ?? 0));
      if (more > 0) entry.outages = 0;
      entry.meter.add(more, clock.monotonic());
      entry.written[file] = written;
      queue.emitSoon(entry);
    },
    onChecking(isChecking) {
      const state = isChecking ? "checking" : "running";
      if (entry.state === state) return;
      entry.state = state;
      queue.emitSoon(entry);
    },
  };
}

interface LaunchParts {
  readonly tokenFor: TokenFor | undefined;
  readonly outages: OutageWatch;
  /** A place in the queue is free. */
  readonly onEnd: () => void;
}

function createLaunch(queue: QueueState, context: RunContext, { tokenFor, outages, onEnd }: LaunchParts) {
  const { clock } = context;
  const run = async (entry: DownloadEntry, signal: AbortSignal) => {
    try {
      await entry.journal.append({ t: "state", state: "active", error: null });
      const request = await withTokens(entry.request, tokenFor);
      entry.results = await runDownload(context, request, entry.journal, eventsOf(entry, queue, clock), signal);
      entry.state = "done";
    } catch (error) {
      await settleFailure(entry, error, signal, outages);
    }
  };
  return (entry: DownloadEntry) => {
    const controller = new AbortController();
    Object.assign(entry, { state: "running", pausedBy: null, resumesAt: null, error: null });
    entry.meter.reset();
    const ended = run(entry, controller.signal).finally(() => {
      entry.running = null;
      queue.emit(entry);
      onEnd();
    });
    entry.running = { controller, ended };
    queue.emit(entry);
  };
}

async function settleFailure(
  entry: DownloadEntry,
  error: unknown,
  signal: AbortSignal,
  outages: OutageWatch,
): Promise<void> {
  if (signal.aborted && signal.reason instanceof Stopped) {
    const { why } = signal.reason;
    // Not "waiting": the queue would start it again before whoever stopped it goes on.
    Object.assign(entry, { state: "paused", pausedBy: why === "schedule" ? "schedule" : "user" });
    return;
  }
  // The journal still says that it runs: after a restart it is tried at once.
  if (error instanceof TransferFault && error.kind === "transient") return outages.hold(entry, error);
  const data = errorDataOf(error, entry.request);
  const isFull = data.code === "DOWNLOAD_NO_SPACE";
  const state = isFull ? "paused" : "failed";
  Object.assign(entry, { state, pausedBy: isFull ? "no-space" : null, error: data });
  try {
    await entry.journal.append({ t: "state", state, error: data }, { sync: true });
  } catch {
    // A disk that is full or gone: the entry itself says what happened, and after a restart it is tried again.
  }
}

async function withTokens(request: DownloadRequest, tokenFor: TokenFor | undefined): Promise<DownloadRequest> {
  if (!tokenFor) return request;
  const add = async (source: DownloadSource): Promise<DownloadSource> => {
    const token = source.token ?? (await tokenFor(source));
    return token === undefined ? source : { ...source, token };
  };
  const files = request.files.map(async (file) => ({ ...file, sources: await Promise.all(file.sources.map(add)) }));
  return { ...request, files: await Promise.all(files) };
}

async function hasRoom({ freeBytes, keepFreeBytes }: RunContext, entry: DownloadEntry): Promise<boolean> {
  try {
    const free = await freeBytes(entry.request.targetFolder);
    return free - missingBytes(entry.request, entry.journal) >= keepFreeBytes;
  } catch {
    // A disk that is not there has no room; it is looked at again.
    return false;
  }
}
