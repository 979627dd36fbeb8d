import { createHash } from "node:crypto";
import { open, stat } from "node:fs/promises";
import { deskError } from "@deskside/contract";
import { type IndexedDocument, ReadError } from "@deskside/knowledge";
import type { SealedFiles } from "@deskside/storage";

/** Largest file that is read at all. */
export const mostBytes = 512 * 1024 ** 2;

/** Where the bytes of documents are: on the disk of the person, or in our own sealed files. */
export interface Originals {
  /** Throws ReadError("unreadable" | "too-large" | "empty"). */
  read(document: IndexedDocument): Promise<Uint8Array>;
  /** A part, for the viewer. Throws DOCUMENT_MOVED. */
  part(document: IndexedDocument, offset: number, length: number): Promise<{ data: Uint8Array; total: number }>;
  isThere(document: IndexedDocument): Promise<boolean>;
  /** Deletes our own copy of this content. */
  forget(hash: string): void;
}

export function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

export function createOriginals(files: SealedFiles): Originals {
  return {
    async read(document) {
      if (document.bytes > mostBytes) throw new ReadError("too-large", `${document.bytes} bytes`);
      const { data, total } = await readPart(files, document, 0, mostBytes).catch((cause: unknown) => {
        throw new ReadError("unreadable", String(cause), { cause });
      });
      if (total > mostBytes) throw new ReadError("too-large", `${total} bytes`);
      if (data.length === 0) throw new ReadError("empty", "no bytes");
      return data;
    },
    part: (document, offset, length) =>
      readPart(files, document, offset, length).catch((cause: unknown) => {
        const path = document.originalPath ?? "";
        throw deskError("DOCUMENT_MOVED", { document: document.path, path }, { cause });
      }),
    forget: (hash) => files.remove(hash),
    async isThere({ originalPath, contentHash }) {
      if (originalPath === null) return contentHash !== null && files.has(contentHash);
      return (await stat(originalPath).catch(() => null))?.isFile() ?? false;
    },
  };
}

async function readPart(files: SealedFiles, document: IndexedDocument, offset: number, length: number) {
  const { originalPath, contentHash } = document;
  if (originalPath === null) {
    const hash = contentHash ?? "";
    return { data: new Uint8Array(files.read(hash, offset, length)), total: files.size(hash) };
  }
  await using file = await open(originalPath, "r");
  const { size } = await file.stat();
  const buffer = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
  const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
  return { data: buffer.subarray(0, bytesRead), total: size };
}
