import { rm } from "node:fs/promises";
import { basename } from "node:path";
import { type DesksideError, withSignal } from "@deskside/base";
import { deskError, type Download, type DownloadEvent, type PullResult } from "@deskside/contract";
import type { Downloader, DownloadRequest as TransferRequest, DownloadView } from "@deskside/model-library";
import type { Logger } from "../../log/logger.ts";
import { type AdoptDeps, adoptDownload } from "./adopt-download.ts";
import { createChangeSignal } from "./change-signal.ts";
import type { DownloadRecord, DownloadRecords } from "./download-records.ts";
import { type AfterTransfer, downloadOf, eventOf, knownError } from "./running-downloads.ts";

export interface DownloadServiceDeps {
  /** Brings the bytes: knows files and sources, nothing of models. */
  readonly transfers: Downloader;
  readonly records: DownloadRecords;
  readonly adopt: AdoptDeps;
  /** Lets the sources of a download through the way out until disposed. */
  readonly openDoor: (record: DownloadRecord) => Disposable;
  /** One began, ended, or changed its state. */
  readonly onChange: () => void;
  readonly onAdopted: () => void;
  readonly log: Logger;
}

export interface DownloadService extends AsyncDisposable {
  /** Goes on with what the last process left. */
  resumeAll(): Promise<void>;
  start(record: DownloadRecord, request: TransferRequest): Promise<Download>;
  /** The files are a model already: listed like one that was just fetched. */
  keepAsDone(record: DownloadRecord, result: PullResult): Download;
  list(): Download[];
  /** What goes on or can go on. */
  records(): readonly DownloadRecord[];
  /** What it is for. Throws DOWNLOAD_NOT_FOUND. */
  record(id: string): DownloadRecord;
  /** A snapshot, changes, and one final event. Throws DOWNLOAD_NOT_FOUND. */
  watch(id: string, signal?: AbortSignal): AsyncGenerator<DownloadEvent>;
  pause(id: string): Promise<void>;
  resume(id: string): Promise<void>;
  cancel(id: string): Promise<void>;
  order(ids: readonly string[]): Promise<void>;
  forget(id: string): Promise<void>;
}

interface Entry {
  readonly record: DownloadRecord;
  /** Null for one that the last process began. */
  readonly request: TransferRequest | null;
  after: AfterTransfer | null;
  /** Runs while the transfer runs and its files are made a model; null when it ended. */
  work: { readonly stop: AbortController; readonly done: Promise<void> } | null;
}

export function createDownloadService(deps: DownloadServiceDeps): DownloadService {
  return new Downloads(deps);
}

class Downloads implements DownloadService {
  readonly #deps: DownloadServiceDeps;
  readonly #entries = new Map<string, Entry>();
  readonly #changes = createChangeSignal();

  constructor(deps: DownloadServiceDeps) {
    this.#deps = deps;
  }

  async resumeAll(): Promise<void> {
    const there = new Map(this.#deps.transfers.list().map((view) => [view.id, view]));
    for (const record of await this.#deps.records.list()) {
      const view = there.get(record.id);
      // The journal went with an outside change: nothing to go on with.
      if (!view || view.state === "cancelled") await this.#deps.records.remove(record.id);
      else if (!this.#entries.has(record.id)) {
        const { log } = this.#deps;
        log.info({ download: record.id, repo: record.repo, state: view.state }, "a download of the last start goes on");
        this.#begin(record, null);
      }
    }
  }

  async start(record: DownloadRecord, request: TransferRequest): Promise<Download> {
    await this.#deps.records.write(record);
    using _door = this.#deps.openDoor(record);
    await this.#deps.transfers.start(request);
    const known = this.#entries.get(record.id);
    if (known?.work) {
      if (sameSources(known.record, record)) return this.#view(known);
      // Its doors are those of other hubs. What had come is kept.
      known.work.stop.abort();
      await known.work.done;
    }
    return this.#view(this.#begin(record, request));
  }

  keepAsDone(record: DownloadRecord, result: PullResult): Download {
    const entry: Entry = { record, request: null, after: { stage: "done", error: null, result }, work: null };
    this.#entries.set(record.id, entry);
    this.#changed();
    return this.#view(entry);
  }

  list(): Download[] {
    const order = this.#deps.transfers.list().map(({ id }) => id);
    const placeOf = (id: string) => (order.includes(id) ? order.indexOf(id) : order.length);
    const all = [...this.#entries.values()].toSorted((a, b) => placeOf(a.record.id) - placeOf(b.record.id));
    const isOver = ({ state }: Download) => state === "done" || state === "cancelled" || state === "failed";
    const views = all.map((entry) => this.#view(entry));
    return [...views.filter((view) => !isOver(view)), ...views.filter(isOver)].map((view, position) => ({
      ...view,
      position,
    }));
  }

  records(): readonly DownloadRecord[] {
    return [...this.#entries.values()].map(({ record }) => record);
  }

  record(id: string): DownloadRecord {
    return this.#entry(id).record;
  }

  async *watch(id: string, signal?: AbortSignal): AsyncGenerator<DownloadEvent> {
    this.#entry(id);
    let told = "";
    while (true) {
      const change = this.#changes.next();
      const entry = this.#entry(id);
      const event = eventOf(this.#view(entry), entry.after?.result ?? null);
      const text = JSON.stringify(event);
      if (text !== told) yield event;
      told = text;
      if (event.type !== "progress") return;
      await change.until(signal);
    }
  }

  async pause(id: string): Promise<void> {
    this.#entry(id);
    await this.#deps.transfers.pause(id);
    this.#changed();
  }

  async resume(id: string): Promise<void> {
    const entry = this.#entry(id);
    if (entry.after?.stage === "done") return;
    const { record, request } = entry;
    if (!this.#isListed(id)) {
      if (!request) throw deskError("DOWNLOAD_NOT_FOUND", { downloadId: id });
      await this.start(record, request);
      return;
    }
    using _door = this.#deps.openDoor(record);
    await this.#deps.transfers.resume(id);
    if (!entry.work) this.#begin(record, request);
    this.#changed();
  }

  async cancel(id: string): Promise<void> {
    const entry = this.#entry(id);
    entry.work?.stop.abort();
    await entry.work?.done;
    if (this.#isListed(id)) await this.#deps.transfers.cancel(id);
    await this.#remove(entry.record);
    this.#changed();
  }

  async order(ids: readonly string[]): Promise<void> {
    for (const [position, id] of ids.entries()) {
      this.#entry(id);
      await this.#deps.transfers.move(id, position);
    }
    this.#changed();
  }

  async forget(id: string): Promise<void> {
    const entry = this.#entry(id);
    if (entry.work) return;
    if (this.#isListed(id)) await this.#deps.transfers.cancel(id);
    await this.#remove(entry.record);
    this.#entries.delete(id);
    this.#changed();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const works = [...this.#entries.values()].flatMap(({ work }) => work ?? []);
    for (const { stop } of works) stop.abort();
    await Promise.all(works.map(({ done }) => done));
  }

  #begin(record: DownloadRecord, request: TransferRequest | null): Entry {
    const stop = new AbortController();
    const entry: Entry = { record, request, after: null, work: null };
    const done = this.#run(entry, stop.signal).finally(() => {
      entry.work = null;
      this.#changed();
    });
    entry.work = { stop, done };
    this.#entries.set(record.id, entry);
    this.#changed();
    return entry;
  }

  /** Never rejects: its outcome is in the entry. */
  async #run(entry: Entry, signal: AbortSignal): Promise<void> {
    const { transfers, adopt, onAdopted, log } = this.#deps;
    const { record } = entry;
    try {
      const view = await this.#follow(record, signal);
      if (view.state !== "done") return;
      const result = await adoptDownload(record, view.files, adopt, {
        signal,
        onStage: (stage) => this.#after(entry, { stage, error: null, result: null }),
      });
      await transfers.forget(record.id);
      await this.#remove(record);
      this.#after(entry, { stage: "done", error: null, result });
      onAdopted();
    } catch (thrown) {
      const error = knownError(thrown, signal);
      if (!error) return;
      log.warn({ err: thrown, download: record.id }, "a download did not become a model");
      if (isVerdict(error)) {
        if (this.#isListed(record.id)) await transfers.forget(record.id);
        await this.#remove(record);
      }
      this.#after(entry, { stage: "failed", error: error.toData(), result: null });
    }
  }

  /** Until the transfer ends; the way out is open for its sources meanwhile. Throws the signal's reason. */
  async #follow(record: DownloadRecord, signal: AbortSignal): Promise<DownloadView> {
    const { transfers, openDoor, onChange } = this.#deps;
    using _door = openDoor(record);
    let last = transfers.get(record.id);
    const ended = Promise.withResolvers<DownloadView>();
    const look = (view: DownloadView) => {
      if (view.id !== record.id) return;
      const isNew = last.state !== view.state;
      last = view;
      this.#changes.notify();
      if (isNew) onChange();
      if (finalStates.includes(view.state)) ended.resolve(view);
    };
    using _watch = transfers.watch(look);
    look(last);
    return await withSignal(ended.promise, signal);
  }

  /** The record and the folder its files came into. */
  async #remove({ id, targetFolder }: DownloadRecord): Promise<void> {
    // The path was read from a file: nothing but the folder made for it may go.
    if (basename(targetFolder) === id) await rm(targetFolder, { recursive: true, force: true });
    await this.#deps.records.remove(id);
  }

  #after(entry: Entry, after: AfterTransfer): void {
    entry.after = after;
    this.#changed();
  }

  #changed(): void {
    this.#changes.notify();
    this.#deps.onChange();
  }

  #isListed(id: string): boolean {
    return this.#deps.transfers.list().some((view) => view.id === id);
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id);
    if (entry) return entry;
    throw deskError("DOWNLOAD_NOT_FOUND", { downloadId: id });
  }

  #view({ record, after }: Entry): Download {
    const view = this.#deps.transfers.list().find(({ id }) => id === record.id);
    return downloadOf(record, view ?? endedView(record, after?.result ?? null), after);
  }
}

/** These files will never be a model here: nothing is kept to go on with. */
function isVerdict({ code }: DesksideError): boolean {
  return code === "CANARY_FAILED" || code.startsWith("GGUF_");
}

function sameSources(a: DownloadRecord, b: DownloadRecord): boolean {
  return JSON.stringify([a.hubs, a.fileHosts]) === JSON.stringify([b.hubs, b.fileHosts]);
}

const finalStates: readonly DownloadView["state"][] = ["done", "failed", "cancelled"];

/** One that the transfers have forgotten, because it is a model now or was cancelled. */
function endedView(record: DownloadRecord, result: PullResult | null): DownloadView {
  const totalBytes = record.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return {
    ...{ id: record.id, targetFolder: record.targetFolder, state: result ? "done" : "cancelled", totalBytes },
    ...{ receivedBytes: result ? totalBytes : 0, bytesPerSecond: null, etaMs: null, source: null, error: null },
    ...{ files: [], pausedBy: null, resumesAt: null, position: 0 },
  };
}
