import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { isCancellation } from "@deskside/base";
import { deskError } from "@deskside/contract";

export interface VerifyOptions {
  readonly signal?: AbortSignal;
  /** Called about once a MiB. */
  readonly onProgress?: (progress: { readonly doneBytes: number; readonly totalBytes: number }) => void;
}

/** SHA-256 of a file in lower-case hex, read in pieces. Throws MODEL_NOT_READABLE. */
export async function hashModelFile(path: string, options: VerifyOptions = {}): Promise<string> {
  options.signal?.throwIfAborted();
  const hash = createHash("sha256");
  try {
    const info = await stat(path);
    if (!info.isFile()) throw deskError("MODEL_NOT_READABLE", { path, detail: "not a regular file" });
    let doneBytes = 0;
    const pieces = createReadStream(path, {
      highWaterMark: 1024 * 1024,
      ...(options.signal ? { signal: options.signal } : {}),
    });
    for await (const piece of pieces) {
      hash.update(piece as Buffer);
      doneBytes += (piece as Buffer).length;
      options.onProgress?.({ doneBytes, totalBytes: info.size });
    }
  } catch (error) {
    if (isCancellation(error, options.signal)) throw options.signal?.reason ?? error;
    if (error instanceof Error && "syscall" in error) {
      throw deskError("MODEL_NOT_READABLE", { path, detail: error.message }, { cause: error });
    }
    throw error;
  }
  return hash.digest("hex");
}

/** Throws HASH_MISMATCH when the file is not the one with this SHA-256. */
export async function verifyModelFile(path: string, sha256: string, options: VerifyOptions = {}): Promise<void> {
  const actual = await hashModelFile(path, options);
  if (actual !== sha256.toLowerCase()) throw deskError("HASH_MISMATCH", { path, expected: sha256, actual });
}
