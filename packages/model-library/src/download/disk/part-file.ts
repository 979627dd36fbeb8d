import { constants, type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import type { Clock } from "@deskside/base";
import { deskError } from "@deskside/contract";
import { type ByteRange, type ByteRanges, createByteRanges } from "../transfer/byte-ranges.ts";
import { createByteLog } from "./byte-log.ts";
import { diskError, syncFolder } from "./disk-errors.ts";
import type { DownloadJournal } from "./download-journal.ts";

/** A file that is being put together, with its journal. It never has the name of a model. */
export interface PartFile extends AsyncDisposable {
  readonly path: string;
  /** What is written. Only `write`, `reset` and `discard` change it. */
  readonly done: Pick<ByteRanges, "bytes" | "missing" | "contiguousFrom">;
  /** Names of the sources the bytes are from. */
  readonly sources: readonly string[];
  /** ETag or date of the file the bytes are of; null: none known. */
  readonly validator: string | null;
  noteOrigin(source: string, validator: string | null): void;
  /** Throws DOWNLOAD_NO_SPACE or DISK_FAILED. */
  write(start: number, bytes: Uint8Array): Promise<void>;
  /** Forgets everything that was there. */
  reset(): Promise<void>;
  /** Forgets these bytes: they are wrong. */
  discard(ranges: readonly ByteRange[]): Promise<void>;
  /** Everything written is on the disk and journalled when this resolves. */
  sync(): Promise<void>;
  readAt(start: number, length: number): Promise<Uint8Array>;
}

export interface PartFileOptions {
  readonly path: string;
  readonly journal: DownloadJournal;
  /** Number of the file in its download. */
  readonly index: number;
  readonly clock: Clock;
}

export async function openPartFile(options: PartFileOptions): Promise<PartFile> {
  const { path, journal, index, clock } = options;
  const kept = journal.record.files[index];
  if (!kept) throw deskError("DISK_FAILED", { path, detail: `the journal has no file ${index}` });
  const handle = await openForBoth(path);
  const { size } = await handle.stat();
  const clip = (ranges: readonly ByteRange[]) => {
    return ranges.map(([start, end]): ByteRange => [Math.min(start, size), Math.min(end, size)]);
  };
  const done = createByteRanges(clip(kept.done));
  const state = {
    done,
    synced: createByteRanges(clip(kept.synced)).toArray(),
    sources: new Set(done.bytes > 0 ? kept.sources : []),
    validator: done.bytes > 0 ? kept.validator : null,
  };
  const log = createByteLog(state, { path, journal, index, clock, file: handle });
  return {
    path,
    done,
    get sources() {
      return [...state.sources];
    },
    get validator() {
      return state.validator;
    },
    noteOrigin(source, validator) {
      state.sources.add(source);
      state.validator = validator;
    },
    async write(start, bytes) {
      log.throwIfFailed();
      await writeAll(handle, path, start, bytes);
      done.add(start, start + bytes.length);
      await log.afterWrite(bytes.length);
    },
    async reset() {
      done.remove(0, Number.MAX_SAFE_INTEGER);
      state.sources.clear();
      state.validator = null;
      await log.afterForget();
    },
    async discard(ranges) {
      for (const [start, end] of ranges) done.remove(start, end);
      await log.afterForget();
    },
    sync: () => log.sync(),
    async readAt(start, length) {
      const buffer = Buffer.allocUnsafe(length);
      const { bytesRead } = await handle.read(buffer, 0, length, start);
      return buffer.subarray(0, bytesRead);
    },
    async [Symbol.asyncDispose]() {
      await log.settle();
      await handle.close();
    },
  };
}

/** Read and write, made when it is not there; never through a link somebody put in its place. */
async function openForBoth(path: string): Promise<FileHandle> {
  try {
    await mkdir(dirname(path), { recursive: true });
    const flags = constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);
    const handle = await open(path, flags, 0o644);
    await syncFolder(dirname(path));
    return handle;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const wrapped = diskError(path, error);
    if (wrapped.code === "DOWNLOAD_NO_SPACE") throw wrapped;
    throw deskError("MODEL_FOLDER_UNUSABLE", { path: dirname(path), detail }, { cause: error });
  }
}

async function writeAll(handle: FileHandle, path: string, start: number, bytes: Uint8Array): Promise<void> {
  let at = 0;
  try {
    while (at < bytes.length) {
      const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, start + at);
      if (bytesWritten === 0) throw Object.assign(new Error("nothing was written"), { code: "ENOSPC" });
      at += bytesWritten;
    }
  } catch (error) {
    throw diskError(path, error, bytes.length - at);
  }
}
