import type { FileHandle } from "node:fs/promises";
import type { Clock } from "@deskside/base";
import { type ByteRange, type ByteRanges, createByteRanges } from "../transfer/byte-ranges.ts";
import { diskError } from "./disk-errors.ts";
import type { DownloadJournal } from "./download-journal.ts";
import type { JournalChange } from "./journal-lines.ts";

/** What a killed process may lose: this share of what it had written, within the two bounds. */
const journalShare = 0.01;
const journalMinBytes = 64 * 1024;
const journalMaxBytes = 16 * 1024 * 1024;
/** How often bytes are forced to the disk, in milliseconds. */
const syncEveryMs = 2000;

export interface ByteState {
  readonly done: ByteRanges;
  /** Of `done`, what is on the disk. */
  synced: readonly ByteRange[];
  readonly sources: ReadonlySet<string>;
  readonly validator: string | null;
}

export interface ByteLogOptions {
  readonly path: string;
  readonly file: FileHandle;
  readonly journal: DownloadJournal;
  readonly index: number;
  readonly clock: Clock;
}

/** Tells the journal what a file holds, in the order that keeps it true: bytes first, then the line about them. */
export interface ByteLog {
  /** Throws what failed beside the writing. */
  throwIfFailed(): void;
  afterWrite(bytes: number): Promise<void>;
  /** To be called when `done` shrank. */
  afterForget(): Promise<void>;
  /** Everything is on the disk and journalled. */
  sync(): Promise<void>;
  /** Nothing runs any more, and the journal knows what is written. */
  settle(): Promise<void>;
}

export function createByteLog(state: ByteState, options: ByteLogOptions): ByteLog {
  const { path, file, journal, index, clock } = options;
  let unlogged = 0;
  let syncedAt = clock.monotonic();
  let syncing: Promise<void> | undefined;
  let failure: unknown;

  const writeLine = (sync: boolean) => {
    unlogged = 0;
    return journal.append(lineOf(state, index), { sync });
  };
  const syncOnce = async () => {
    const snapshot = state.done.toArray();
    syncedAt = clock.monotonic();
    try {
      await file.datasync();
    } catch (error) {
      throw diskError(path, error);
    }
    state.synced = within(snapshot, state.done);
    await writeLine(true);
  };
  const startSync = () => {
    syncing ??= syncOnce().finally(() => {
      syncing = undefined;
    });
    return syncing;
  };
  /** Its failure is kept for `throwIfFailed`. */
  const syncEnded = async () => {
    await syncing?.catch((error: unknown) => {
      failure ??= error;
    });
  };
  return {
    throwIfFailed() {
      if (failure !== undefined) throw failure as Error;
    },
    async afterWrite(bytes) {
      unlogged += bytes;
      const due = Math.min(journalMaxBytes, Math.max(journalMinBytes, state.done.bytes * journalShare));
      if (!syncing && clock.monotonic() - syncedAt >= syncEveryMs) {
        // Beside the writing, which does not wait for it.
        void startSync().catch(() => undefined);
        void syncEnded();
      }
      if (unlogged >= due) await writeLine(false);
    },
    async afterForget() {
      await syncEnded();
      state.synced = within(state.synced, state.done);
      await writeLine(true);
    },
    async sync() {
      await syncEnded();
      await startSync();
    },
    async settle() {
      await syncEnded();
      if (unlogged > 0) await writeLine(false);
    },
  };
}

function lineOf({ done, synced, sources, validator }: ByteState, file: number): JournalChange {
  const written = toTuples(done.toArray());
  return { t: "bytes", file, written, synced: toTuples(synced), sources: [...sources], validator };
}

/** The part of `ranges` that `done` still has. */
function within(ranges: readonly ByteRange[], done: ByteRanges): ByteRange[] {
  const kept = createByteRanges(ranges);
  const end = ranges.at(-1)?.[1] ?? 0;
  for (const [from, to] of done.missing(0, end)) kept.remove(from, to);
  return kept.toArray();
}

const toTuples = (ranges: readonly ByteRange[]) => ranges.map(([start, end]): [number, number] => [start, end]);
