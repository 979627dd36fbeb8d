import { createId, isCancellation, isDesksideError } from "@deskside/base";
import { type BundleEvent, type BundleJob, type BundleResult, deskError } from "@deskside/contract";
import type { Logger } from "../../log/logger.ts";
import { createChangeSignal } from "../downloads/change-signal.ts";

export interface JobProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
  readonly current: string;
}

/** Never called more than it says: the jobs thin it out. */
export type JobWork = (options: {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: JobProgress) => void;
}) => Promise<BundleResult>;

export interface BundleJobs extends AsyncDisposable {
  start(about: Pick<BundleJob, "kind" | "path" | "fingerprint" | "totalBytes">, work: JobWork): BundleJob;
  list(): BundleJob[];
  /** Throws BUNDLE_JOB_NOT_FOUND. */
  watch(id: string, signal?: AbortSignal): AsyncGenerator<BundleEvent>;
  /** Ends when it has ended. Throws BUNDLE_JOB_NOT_FOUND. */
  cancel(id: string): Promise<void>;
}

interface Entry {
  job: BundleJob;
  result: BundleResult | null;
  readonly stop: AbortController;
  done: Promise<void>;
}

const tellEveryMs = 100;
/** Ended ones that are remembered. */
const mostEnded = 20;

export function createBundleJobs(deps: { now: () => number; log: Logger }): BundleJobs {
  const entries = new Map<string, Entry>();
  const changes = createChangeSignal();
  const entryOf = (id: string): Entry => {
    const entry = entries.get(id);
    if (!entry) throw deskError("BUNDLE_JOB_NOT_FOUND", { jobId: id });
    return entry;
  };
  return {
    start(about, work) {
      forgetOldest(entries);
      const id = createId("bundle", deps.now());
      const job: BundleJob = {
        ...{ ...about, id, state: "running", doneBytes: 0, current: null, startedAt: deps.now(), error: null },
      };
      const entry: Entry = { job, result: null, stop: new AbortController(), done: Promise.resolve() };
      entries.set(id, entry);
      entry.done = run(entry, work, { ...deps, notify: () => changes.notify() });
      return entry.job;
    },
    list() {
      const jobs = [...entries.values()].map(({ job }) => job);
      return [...jobs.filter(isRunning), ...jobs.filter((job) => !isRunning(job))];
    },
    async *watch(id, signal) {
      while (true) {
        const change = changes.next();
        const { job, result } = entryOf(id);
        yield eventOf(job, result);
        if (!isRunning(job)) return;
        await change.until(signal);
      }
    },
    async cancel(id) {
      const entry = entryOf(id);
      entry.stop.abort();
      await entry.done;
    },
    async [Symbol.asyncDispose]() {
      for (const { stop } of entries.values()) stop.abort();
      await Promise.all([...entries.values()].map(({ done }) => done));
    },
  };
}

const isRunning = ({ state }: BundleJob) => state === "running";

/** Never rejects: the outcome is in the entry. */
async function run(
  entry: Entry,
  work: JobWork,
  { now, log, notify }: { now: () => number; log: Logger; notify: () => void },
): Promise<void> {
  const { signal } = entry.stop;
  let toldAt = Number.NEGATIVE_INFINITY;
  const change = (patch: Partial<BundleJob>) => void (entry.job = { ...entry.job, ...patch });
  const onProgress = (progress: JobProgress) => {
    change(progress);
    if (now() - toldAt < tellEveryMs) return;
    toldAt = now();
    notify();
  };
  try {
    entry.result = await work({ signal, onProgress });
    change({ state: "done", current: null, doneBytes: entry.job.totalBytes });
  } catch (error) {
    change(outcomeOf(error, signal));
    if (entry.job.state === "failed") log.warn({ err: error, job: entry.job.id }, "a bundle did not go through");
  }
  notify();
}

function outcomeOf(error: unknown, signal: AbortSignal): Pick<BundleJob, "state" | "error" | "current"> {
  if (isCancellation(error, signal)) return { state: "cancelled", error: null, current: null };
  const incident = error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 200) : "unknown";
  const known = isDesksideError(error) ? error : deskError("INTERNAL", { incident });
  const data = known.toData();
  return { state: "failed", current: null, error: { ...data, data: { ...data.data } } };
}

function eventOf(job: BundleJob, result: BundleResult | null): BundleEvent {
  if (job.state === "done" && result) return { type: "done", job, result };
  if (job.state === "cancelled") return { type: "cancelled", job };
  if (job.error) return { type: "failed", job, error: job.error };
  return { type: "progress", job };
}

function forgetOldest(entries: Map<string, Entry>): void {
  const ended = [...entries.values()].filter(({ job }) => !isRunning(job));
  for (const { job } of ended.slice(0, Math.max(0, ended.length - mostEnded + 1))) entries.delete(job.id);
}
