import { Cancelled, type Clock, createSerialQueue, DesksideError, systemClock } from "@deskside/base";
import { deskError } from "@deskside/contract";
import type { HttpClient } from "../hub/http-client.ts";
import { readBootId } from "./disk/boot-id.ts";
import { createJournal, openJournals, rewriteJournal } from "./disk/download-journal.ts";
import { removeLeftovers, targetPathOf } from "./disk/download-paths.ts";
import { freeBytesOf } from "./disk/free-bytes.ts";
import { downloadRequestSchema } from "./disk/journal-lines.ts";
import { createEntry, type DownloadEntry } from "./download-entry.ts";
import {
  type DownloadLimits,
  type DownloadRequest,
  type DownloadView,
  defaultLimits,
  defaultTuning,
  type TransferTuning,
} from "./download-types.ts";
import { createQueueRunner, type QueueRunner, type TokenFor } from "./queue-runner.ts";
import { createQueueState, type QueueState } from "./queue-state.ts";
import type { ValidateFile } from "./transfer/download-file.ts";
import { createTokenBucket } from "./transfer/token-bucket.ts";

export interface DownloaderOptions {
  readonly http: HttpClient;
  /** Of the journals; one downloader per folder. */
  readonly folder: string;
  readonly clock?: Clock;
  /** Bytes an ordinary user may still write to the disk of `path`. */
  readonly freeBytes?: (path: string) => Promise<number>;
  /** Never filled by downloads. Default: 1 GiB. */
  readonly keepFreeBytes?: number;
  /** Looks into files nobody published a hash of. */
  readonly validate?: ValidateFile;
  /** The token of a source, asked for downloads that go on after a restart: journals hold none. */
  readonly tokenFor?: TokenFor;
  readonly limits?: DownloadLimits;
  readonly tuning?: Partial<TransferTuning>;
  readonly random?: () => number;
  /** A listener of `watch` threw, or the regular look at the queue did. */
  readonly onError?: (error: unknown) => void;
  /** How often hours, free space and the network are looked at, in milliseconds. */
  readonly tickMs?: number;
}

/**
 * The queue of downloads. What is in it survives the end of the process at any moment: a new downloader with the same
 * folder goes on. Ids that are not there: DOWNLOAD_NOT_FOUND.
 */
export interface Downloader extends AsyncDisposable {
  /**
   * Puts it at the end of the queue. One with this id and these files that is there already goes on, from the sources
   * given now; one that is done is fetched anew. Throws MODEL_FOLDER_UNUSABLE for names that leave the folder or that
   * another download writes, DOWNLOAD_FAILED for a request that makes no sense.
   */
  start(request: DownloadRequest): Promise<DownloadView>;
  pause(id: string): Promise<void>;
  /** Goes on with a paused or failed one, also outside the hours when it waits for them. */
  resume(id: string): Promise<void>;
  /** Stops it and takes away what came. Files that are models already stay. */
  cancel(id: string): Promise<void>;
  /** Takes one that is done or failed off the list; of a failed one what came is taken away. */
  forget(id: string): Promise<void>;
  /** Puts it at this place of the queue, from 0. What runs goes on running. */
  move(id: string, position: number): Promise<void>;
  /** In the order of the queue. */
  list(): readonly DownloadView[];
  get(id: string): DownloadView;
  /** Every change, at most ten a second for each download while it runs. */
  watch(listener: (view: DownloadView) => void): Disposable;
  /** Resolves when it is done. Throws why it failed or waits (for space, for the network), or Cancelled. */
  finished(id: string, options?: { readonly signal?: AbortSignal }): Promise<DownloadView>;
  readonly limits: DownloadLimits;
  setLimits(limits: Partial<DownloadLimits>): void;
}

const gib = 1024 ** 3;

/** Reads the journals of the folder; what was running when the last process ended goes on at once. */
export async function createDownloader(options: DownloaderOptions): Promise<Downloader> {
  const clock = options.clock ?? systemClock;
  const limits = options.limits ?? defaultLimits;
  const onError = options.onError ?? (() => undefined);
  const bootId = await readBootId(clock.now());
  const journals = await openJournals(options.folder, bootId);
  const entries = journals.sort((a, b) => a.record.order - b.record.order).map((journal) => createEntry(journal));
  const queue = createQueueState(entries, limits, clock, onError);
  const bucket = createTokenBucket(clock, limits.bytesPerSecond);
  const context = {
    http: options.http,
    bucket,
    clock,
    random: options.random ?? Math.random,
    tuning: { ...defaultTuning, ...options.tuning },
    validate: options.validate,
    freeBytes: options.freeBytes ?? freeBytesOf,
    keepFreeBytes: options.keepFreeBytes ?? gib,
  };
  const runner = createQueueRunner(queue, context, clock, { tokenFor: options.tokenFor, onError });
  const commands = createSerialQueue();
  const tick = () => void commands.run(() => runner.tick()).catch(onError);
  const timer = setInterval(tick, options.tickMs ?? 15_000);
  timer.unref();
  tick();
  const close = async () => {
    queue.isClosed = true;
    clearInterval(timer);
    await runner[Symbol.asyncDispose]();
    await commands.run(async () => {
      await Promise.all(queue.entries.map((entry) => runner.stop(entry, "close")));
      for (const { journal } of queue.entries) await journal[Symbol.asyncDispose]();
    });
    queue.stopEmitting();
  };
  return {
    ...createCommands(queue, runner, { folder: options.folder, bootId }, (task) => commands.run(task)),
    list: () => queue.entries.map((entry) => queue.view(entry)),
    get: (id) => queue.view(queue.find(id)),
    watch: (listener) => queue.changes.on(listener),
    finished: async (id, { signal } = {}) => waitUntilFinished(queue, id, signal),
    get limits() {
      return queue.limits;
    },
    setLimits(next) {
      queue.limits = { ...queue.limits, ...next };
      bucket.setRate(queue.limits.bytesPerSecond);
      tick();
    },
    [Symbol.asyncDispose]: close,
  };
}

type Commands = Pick<Downloader, "start" | "pause" | "resume" | "cancel" | "forget" | "move">;
interface JournalPlace {
  readonly folder: string;
  readonly bootId: string;
}
type InTurn = <T>(task: () => Promise<T>) => Promise<T>;

/** One after another, so that none meets a download that another is just stopping. */
function createCommands(queue: QueueState, runner: QueueRunner, place: JournalPlace, inTurn: InTurn): Commands {
  const { startNow, goOn, take } = createStart(queue, runner, place);
  return {
    start: (request) => inTurn(() => startNow(request)),
    pause: (id) =>
      inTurn(async () => {
        const entry = queue.find(id);
        await runner.stop(entry, "user");
        if (entry.state !== "waiting" && entry.state !== "paused") return;
        await entry.journal.append({ t: "state", state: "paused", error: null }, { sync: true });
        entry.error = null;
        runner.hold(entry, "user");
        runner.pump();
      }),
    resume: (id) => inTurn(() => goOn(queue.find(id))),
    cancel: (id) =>
      inTurn(async () => {
        const entry = queue.find(id);
        await runner.stop(entry, "cancel");
        const isDone = entry.state === "done";
        await take(entry);
        if (!isDone) Object.assign(entry, { state: "cancelled", pausedBy: null, error: null });
        queue.emit(entry);
        runner.pump();
      }),
    forget: (id) =>
      inTurn(async () => {
        const entry = queue.find(id);
        if (entry.state === "done" || entry.state === "failed") await take(entry);
      }),
    move: (id, position) => inTurn(() => moveEntry(queue, queue.find(id), position)),
  };
}

function createStart(queue: QueueState, runner: QueueRunner, place: JournalPlace) {
  const take = async (entry: DownloadEntry) => {
    if (entry.state !== "done") await removeLeftovers(entry.request, { quarantine: true });
    await entry.journal.remove();
    queue.entries = queue.entries.filter((other) => other !== entry);
  };
  const goOn = async (entry: DownloadEntry) => {
    if (entry.state !== "paused" && entry.state !== "failed") return;
    if (entry.pausedBy === "schedule") entry.ignoresHours = true;
    await entry.journal.append({ t: "state", state: "active", error: null }, { sync: true });
    runner.wake(entry);
    runner.pump();
  };
  const startNow = async (asked: DownloadRequest) => {
    const request = checkRequest(asked);
    const known = queue.entries.find((entry) => entry.request.id === request.id);
    if (known && known.state !== "done" && isSameWork(known.request, request)) {
      await runner.stop(known, "close");
      known.request = request;
      known.journal = await rewriteJournal(place.folder, place.bootId, known.journal, request);
      if (known.state === "waiting") runner.pump();
      else await goOn(known);
      return queue.view(known);
    }
    refuseSharedTargets(request, queue.entries, known);
    if (known) {
      await runner.stop(known, "cancel");
      await take(known);
    }
    const order = Math.max(0, ...queue.entries.map(({ journal }) => journal.record.order)) + 1;
    const entry = createEntry(await createJournal(place.folder, place.bootId, request, order), request);
    queue.entries.push(entry);
    queue.emit(entry);
    runner.pump();
    return queue.view(entry);
  };
  return { startNow, goOn, take };
}

async function moveEntry(queue: QueueState, entry: DownloadEntry, position: number): Promise<void> {
  const others = queue.entries.filter((other) => other !== entry);
  others.splice(Math.max(0, Math.min(others.length, Math.trunc(position))), 0, entry);
  queue.entries = others;
  for (const [order, { journal }] of others.entries()) await journal.append({ t: "order", order });
  for (const moved of others) queue.emit(moved);
}

function checkRequest(request: DownloadRequest): DownloadRequest {
  const parsed = downloadRequestSchema.safeParse(request);
  if (!parsed.success) {
    const detail = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
    throw deskError("DOWNLOAD_FAILED", { file: "", source: "", detail: detail.slice(0, 300) });
  }
  const paths = request.files.map((_, index) => targetPathOf(request, index).toLowerCase());
  if (new Set(paths).size === paths.length) return request;
  throw deskError("MODEL_FOLDER_UNUSABLE", { path: request.targetFolder, detail: "two files have one name" });
}

/** The bytes that came for one are of use for the other. */
function isSameWork(a: DownloadRequest, b: DownloadRequest): boolean {
  if (a.targetFolder !== b.targetFolder || a.files.length !== b.files.length) return false;
  return a.files.every((file, index) => {
    const other = b.files[index];
    return other?.path === file.path && other.sizeBytes === file.sizeBytes && other.sha256 === file.sha256;
  });
}

function refuseSharedTargets(
  request: DownloadRequest,
  entries: readonly DownloadEntry[],
  except: DownloadEntry | undefined,
): void {
  const pathsOf = (of: DownloadRequest) => of.files.map((_, index) => targetPathOf(of, index).toLowerCase());
  const taken = new Set(
    entries.filter((entry) => entry !== except && entry.state !== "done").flatMap((entry) => pathsOf(entry.request)),
  );
  const clash = pathsOf(request).find((path) => taken.has(path));
  if (clash) throw deskError("MODEL_FOLDER_UNUSABLE", { path: clash, detail: "another download writes this file" });
}

function waitUntilFinished(queue: QueueState, id: string, signal: AbortSignal | undefined): Promise<DownloadView> {
  const { promise, resolve, reject } = Promise.withResolvers<DownloadView>();
  const look = (view: DownloadView) => {
    if (view.id !== id) return;
    if (view.state === "done") resolve(view);
    else if (view.state === "cancelled") reject(new Cancelled());
    else if (view.error) reject(new DesksideError(view.error));
  };
  const onAbort = () => reject(signal?.reason as Error);
  const watching = queue.changes.on(look);
  signal?.addEventListener("abort", onAbort, { once: true });
  if (signal?.aborted) onAbort();
  look(queue.view(queue.find(id)));
  return promise.finally(() => {
    watching[Symbol.dispose]();
    signal?.removeEventListener("abort", onAbort);
  });
}
