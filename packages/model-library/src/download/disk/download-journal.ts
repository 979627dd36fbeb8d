import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { createSerialQueue } from "@deskside/base";
import type { DownloadRequest } from "../download-types.ts";
import { diskError, fsCode, syncFolder } from "./disk-errors.ts";
import {
  applyLine,
  type JournalChange,
  type JournalRecord,
  readJournalLines,
  writeJournalLines,
} from "./journal-lines.ts";

/**
 * What is known to be on disk of one download, one JSON object a line. A line is written after the bytes it speaks of,
 * so what it says holds after this process is killed; its `synced` part also after a power loss.
 */
export interface DownloadJournal extends AsyncDisposable {
  /** What it says now. */
  readonly record: JournalRecord;
  /** With `sync` the line is on the disk when this resolves. Throws DOWNLOAD_NO_SPACE or DISK_FAILED. */
  append(line: JournalChange, options?: { readonly sync?: boolean }): Promise<void>;
  /** Closes it and takes it away. */
  remove(): Promise<void>;
}

const ending = ".download.jsonl";
const maxJournalBytes = 256 * 1024 * 1024;

/** Starts the journal of a download that is new. An old one of the same id is replaced. */
export function createJournal(
  folder: string,
  bootId: string,
  request: DownloadRequest,
  order: number,
): Promise<DownloadJournal> {
  const nothing = { done: [], synced: [], sources: [], validator: null, verified: null };
  const files = request.files.map(() => nothing);
  return openWith(folder, bootId, { request, order, state: "active", error: null, files });
}

/** All journals of a folder. A file that is none any more (its first line torn) is taken away: nothing is known by it. */
export async function openJournals(folder: string, bootId: string): Promise<DownloadJournal[]> {
  await mkdir(folder, { recursive: true });
  const names = (await readdir(folder)).filter((name) => name.endsWith(ending)).sort();
  const journals: DownloadJournal[] = [];
  for (const name of names) {
    const path = join(folder, name);
    const record = await readRecord(path, bootId);
    if (record && name === record.request.id + ending) journals.push(await openWith(folder, bootId, record));
    else await rm(path, { force: true });
  }
  return journals;
}

async function readRecord(path: string, bootId: string): Promise<JournalRecord | null> {
  if ((await stat(path)).size > maxJournalBytes) return null;
  return readJournalLines(await readFile(path, "utf8"), bootId);
}

/** Writes the short form beside it and renames, so that the old journal holds until the new one is whole. */
async function openWith(folder: string, bootId: string, kept: JournalRecord): Promise<DownloadJournal> {
  let record = kept;
  const path = join(folder, record.request.id + ending);
  let handle: FileHandle;
  try {
    await mkdir(folder, { recursive: true });
    const fresh = `${path}.new`;
    handle = await open(fresh, "w", 0o600);
    await handle.writeFile(writeJournalLines(record, bootId));
    await handle.sync();
    // Windows renames no open file.
    await handle.close();
    await rename(fresh, path);
    await syncFolder(folder);
    handle = await open(path, "a", 0o600);
  } catch (error) {
    throw diskError(path, error);
  }
  const queue = createSerialQueue();
  let isOpen = true;
  const fail = (error: unknown) => {
    throw diskError(path, error);
  };
  const close = () =>
    queue.run(async () => {
      if (!isOpen) return;
      isOpen = false;
      await handle.close();
    });
  return {
    get record() {
      return record;
    },
    append: async (line, options = {}) => {
      await queue.run(async () => {
        if (isOpen) await handle.appendFile(`${JSON.stringify(line)}\n`).catch(fail);
        record = applyLine(record, line, true);
      });
      // Beside the queue: other lines need not wait for the disk.
      if (options.sync && isOpen) await handle.datasync().catch(fail);
    },
    async remove() {
      await close();
      await rm(path, { force: true }).catch((error: unknown) => {
        if (fsCode(error) !== "ENOENT") throw diskError(path, error);
      });
    },
    [Symbol.asyncDispose]: close,
  };
}

/** The same bytes under another request: new sources for the same files. The old journal is closed. */
export async function rewriteJournal(
  folder: string,
  bootId: string,
  journal: DownloadJournal,
  request: DownloadRequest,
): Promise<DownloadJournal> {
  await journal[Symbol.asyncDispose]();
  return openWith(folder, bootId, { ...journal.record, request });
}
