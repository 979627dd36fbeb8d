import { type FileHandle, open, rm, stat } from "node:fs/promises";
import { isDesksideError, sleep } from "@deskside/base";
import { deskError } from "@deskside/contract";
import { mapDiskError } from "../folder/disk-errors.ts";
import { hashFile } from "../folder/package-state.ts";
import type { BinaryPackage } from "../package-table.ts";
import type { FetchTarball, TarballAnswer } from "./fetch-tarball.ts";

export interface DownloadOptions {
  readonly wanted: BinaryPackage;
  readonly url: string;
  /** Kept when the download breaks off, and continued next time. */
  readonly partial: string;
  readonly fetchTarball: FetchTarball;
  readonly signal: AbortSignal;
  /** Bytes that are on the disk. */
  readonly onProgress: (receivedBytes: number) => void;
  /** Waits between tries that did not end for good. */
  readonly retryAfterMs?: readonly number[];
  /** For tests of a disk that refuses. */
  readonly openFile?: (path: string, flags: string) => Promise<Pick<FileHandle, "write" | "close" | "sync">>;
}

type Problem = "not-found" | "http-status" | "network" | "truncated" | "too-large";

/**
 * Brings the archive of a package to `partial`, whole and with the hash that was committed. Goes on where an earlier
 * try stopped. Throws ENGINE_BINARY_DOWNLOAD_FAILED (what came is kept), ENGINE_BINARY_HASH_MISMATCH (it is deleted),
 * EGRESS_BLOCKED, DISK_FULL, DISK_FAILED or the signal's reason.
 */
export async function downloadTarball(options: DownloadOptions): Promise<void> {
  const { wanted, partial, signal } = options;
  const waits = options.retryAfterMs ?? [1_000, 4_000, 10_000];
  for (let attempt = 0; ; attempt++) {
    signal.throwIfAborted();
    const present = await sizeOf(partial);
    if (present === wanted.downloadBytes) break;
    if (present > wanted.downloadBytes) await rm(partial, { force: true });
    const from = present > wanted.downloadBytes ? 0 : present;
    try {
      await continueDownload(options, from);
      if ((await sizeOf(partial)) === wanted.downloadBytes) break;
      throw failure(options, "truncated", null, `${await sizeOf(partial)} of ${wanted.downloadBytes} bytes came`);
    } catch (error) {
      signal.throwIfAborted();
      const wait = waits[attempt];
      if (wait === undefined || !isWorthRetrying(error)) throw error;
      await sleep(wait, { signal });
    }
  }
  await checkIntegrity(options);
}

async function continueDownload(options: DownloadOptions, from: number): Promise<void> {
  const { wanted, signal } = options;
  using answer = await ask(options, from);
  if (answer.status === 416) {
    await rm(options.partial, { force: true });
    throw failure(options, "truncated", 416, "the registry cannot continue this file");
  }
  if (answer.status === 404) throw failure(options, "not-found", 404, "the registry has no such package");
  if (answer.status !== 200 && answer.status !== 206) throw failure(options, "http-status", answer.status, "");
  const continues = answer.status === 206 && from > 0;
  if (continues && answer.startsAt !== from) {
    await rm(options.partial, { force: true });
    throw failure(options, "truncated", 206, `asked for byte ${from}, got byte ${answer.startsAt}`);
  }
  const file = await openPartial(options, continues ? "a" : "w");
  let received = continues ? from : 0;
  try {
    for await (const chunk of readBody(options, answer)) {
      signal.throwIfAborted();
      received += chunk.length;
      if (received > wanted.downloadBytes)
        throw failure(options, "too-large", null, `more than ${wanted.downloadBytes} bytes`);
      await writeAll(file, chunk, options.partial);
      options.onProgress(received);
    }
    await file.sync();
  } finally {
    await file.close();
    if (received > wanted.downloadBytes) await rm(options.partial, { force: true });
  }
}

async function ask(options: DownloadOptions, from: number): Promise<TarballAnswer> {
  const { url, signal, wanted } = options;
  try {
    return await options.fetchTarball({ url, fromByte: from, maxBytes: wanted.downloadBytes - from + 1, signal });
  } catch (error) {
    throw networkFailure(options, error);
  }
}

/** The body with failures of the connection told apart from those of the disk. */
async function* readBody(options: DownloadOptions, answer: TarballAnswer): AsyncGenerator<Uint8Array> {
  const parts = answer.body[Symbol.asyncIterator]();
  try {
    while (true) {
      let part: IteratorResult<Uint8Array>;
      try {
        part = await parts.next();
      } catch (error) {
        throw networkFailure(options, error);
      }
      if (part.done) return;
      yield part.value;
    }
  } finally {
    await parts.return?.();
  }
}

function networkFailure(options: DownloadOptions, error: unknown): unknown {
  if (options.signal.aborted) return options.signal.reason;
  if (isDesksideError(error) && /^(EGRESS_BLOCKED$|PROXY_)/.test(error.code)) return error;
  if (isDesksideError(error, "EGRESS_FAILED") && error.data["detail"] === "response-too-large")
    return failure(options, "too-large", null, `more than ${options.wanted.downloadBytes} bytes`, error);
  const said = isDesksideError(error, "EGRESS_FAILED") ? String(error.data["detail"]) : describe(error);
  return failure(options, "network", null, said, error);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause : error;
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.message;
}

function failure(options: DownloadOptions, reason: Problem, status: number | null, detail: string, cause?: unknown) {
  const data = { package: options.wanted.name, host: new URL(options.url).host, reason, status, detail };
  return deskError("ENGINE_BINARY_DOWNLOAD_FAILED", data, cause === undefined ? {} : { cause });
}

function isWorthRetrying(error: unknown): boolean {
  if (!isDesksideError(error, "ENGINE_BINARY_DOWNLOAD_FAILED")) return false;
  const { reason, status } = error.data as { reason: Problem; status: number | null };
  if (reason === "http-status") return status !== null && (status >= 500 || status === 429 || status === 408);
  return reason === "network" || reason === "truncated";
}

async function openPartial(options: DownloadOptions, flags: string) {
  try {
    return await (options.openFile ?? open)(options.partial, flags);
  } catch (error) {
    throw mapDiskError(error, options.partial);
  }
}

async function writeAll(file: Pick<FileHandle, "write">, chunk: Uint8Array, path: string): Promise<void> {
  try {
    for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at, chunk.length - at)).bytesWritten;
  } catch (error) {
    throw mapDiskError(error, path);
  }
}

async function checkIntegrity(options: DownloadOptions): Promise<void> {
  const { wanted, partial } = options;
  const actual = `sha512-${(await hashFile(partial, "sha512", options.signal)).toString("base64")}`;
  if (actual === wanted.integrity) return;
  await rm(partial, { force: true });
  const data = { package: wanted.name, host: new URL(options.url).host, expected: wanted.integrity, actual };
  throw deskError("ENGINE_BINARY_HASH_MISMATCH", data);
}

async function sizeOf(path: string): Promise<number> {
  return await stat(path).then(
    (found) => found.size,
    () => 0,
  );
}
