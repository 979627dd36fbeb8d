import { stat } from "node:fs/promises";
import { deskError } from "@deskside/contract";
import { type GgufHeader, readGgufHeader } from "../gguf/gguf-header.ts";

/** What a file was when it was looked at; another size or time means another file. */
export interface Fingerprint {
  readonly key: string;
  readonly sizeBytes: number;
}

/** Null when there is no such file. Throws MODEL_NOT_READABLE when that cannot be found out. */
export async function fingerprintOf(path: string): Promise<Fingerprint | null> {
  try {
    const info = await stat(path);
    return { key: `${path}\0${info.size}\0${info.mtimeMs}\0${info.ino}`, sizeBytes: info.size };
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return null;
    throw deskError("MODEL_NOT_READABLE", { path, detail: String(error) }, { cause: error });
  }
}

/** A library with more models reads their heads again each time it is listed. */
const mostHeaders = 256;

/** Headers by fingerprint. A failed or cancelled reading is not remembered. */
export interface HeaderCache {
  read(path: string, fingerprint: Fingerprint, options?: { signal?: AbortSignal }): Promise<GgufHeader>;
}

export function createHeaderCache(): HeaderCache {
  const headers = new Map<string, GgufHeader>();
  return {
    async read(path, fingerprint, options = {}) {
      const known = headers.get(fingerprint.key);
      if (known) return known;
      const header = await readGgufHeader(path, options);
      if (headers.size >= mostHeaders) headers.delete(headers.keys().next().value as string);
      headers.set(fingerprint.key, header);
      return header;
    },
  };
}
