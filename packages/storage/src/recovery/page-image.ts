import { closeSync, openSync, readSync, statSync } from "node:fs";
import type { FileKey } from "../driver/key-derivation.ts";
import { createPageCipher, pageSize } from "./page-cipher.ts";
import { readWal, type WalReading } from "./wal-file.ts";

/** SQLite keeps its locks here and never a page. */
const lockPage = 0x40000000 / pageSize + 1;

/** The pages of a database and its write-ahead log as they would be after the last commit, each one checked. */
export interface PageImage extends Disposable {
  readonly pageCount: number;
  readonly wal: WalReading;
  /** Whether the file starts with the salt of its key. SQLite reads nothing without it; this image does. */
  readonly saltIntact: boolean;
  /** Decrypted usable bytes; null when the page is damaged or missing. */
  read(pageNumber: number): Buffer | null;
  /** Whether `read` would find it; quicker. */
  isIntact(pageNumber: number): boolean;
  /** Whether the page is a hole in the file: SQLite leaves one where a page was allocated and never used. */
  isHole(pageNumber: number): boolean;
}

export function openPageImage(files: { database: string; wal: string }, key: FileKey): PageImage {
  const cipher = createPageCipher(key);
  const wal = readWal(files.wal, cipher);
  const database = openIfThere(files.database);
  const log = wal.frames.length > 0 ? openIfThere(files.wal) : null;
  const newest = new Map(wal.frames.map((frame) => [frame.pageNumber, frame.offset]));
  const filePages = Math.ceil((database?.size ?? 0) / pageSize);
  const readEncrypted = (pageNumber: number): Buffer => {
    const offset = newest.get(pageNumber);
    if (offset !== undefined && log) return readBytes(log.handle, offset);
    return database && pageNumber <= filePages ? readBytes(database.handle, (pageNumber - 1) * pageSize) : nothing;
  };
  return {
    pageCount: wal.frames.reduce((highest, frame) => Math.max(highest, frame.pageNumber), filePages),
    wal,
    saltIntact: database !== null && readBytes(database.handle, 0).subarray(0, key.salt.length).equals(key.salt),
    read: (pageNumber) => {
      const page = readEncrypted(pageNumber);
      return cipher.verify(page, pageNumber) ? cipher.decrypt(page, pageNumber) : null;
    },
    isIntact: (pageNumber) => cipher.verify(readEncrypted(pageNumber), pageNumber),
    isHole: (pageNumber) => readEncrypted(pageNumber).equals(emptyPage),
    [Symbol.dispose]: () => {
      if (database) closeSync(database.handle);
      if (log) closeSync(log.handle);
    },
  };
}

/** Whether any page was written under this key: then the key is right and the file was once ours. */
export function hasPageOfKey(files: { database: string; wal: string }, key: FileKey): boolean {
  using image = openPageImage(files, key);
  if (image.wal.frames.length > 0) return true;
  for (const pageNumber of pageNumbers(image)) {
    if (image.isIntact(pageNumber)) return true;
  }
  return false;
}

export function* pageNumbers(image: PageImage): Generator<number> {
  for (let pageNumber = 1; pageNumber <= image.pageCount; pageNumber++) {
    if (pageNumber !== lockPage) yield pageNumber;
  }
}

function openIfThere(path: string): { handle: number; size: number } | null {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() ? { handle: openSync(path, "r"), size: stats.size } : null;
}

const emptyPage = Buffer.alloc(pageSize);
const nothing = Buffer.alloc(0);

function readBytes(handle: number, position: number): Buffer {
  const page = Buffer.alloc(pageSize);
  const length = readSync(handle, page, 0, pageSize, position);
  return page.subarray(0, length);
}
