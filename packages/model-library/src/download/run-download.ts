import { mkdir } from "node:fs/promises";
import { type Clock, isDesksideError } from "@deskside/base";
import { deskError } from "@deskside/contract";
import type { HttpClient } from "../hub/http-client.ts";
import { hashModelFile } from "../manifest/verify-model-file.ts";
import { fsCode } from "./disk/disk-errors.ts";
import type { DownloadJournal } from "./disk/download-journal.ts";
import {
  partPathOf,
  publishFile,
  quarantinePathOf,
  removeLeftovers,
  sizeOfFile,
  targetPathOf,
} from "./disk/download-paths.ts";
import type { VerifiedLine } from "./disk/journal-lines.ts";
import type { DownloadRequest, DownloadResultFile, TransferTuning } from "./download-types.ts";
import { downloadFile, type ValidateFile } from "./transfer/download-file.ts";
import type { TokenBucket } from "./transfer/token-bucket.ts";

export interface RunContext {
  readonly http: HttpClient;
  readonly bucket: TokenBucket;
  readonly clock: Clock;
  readonly random: () => number;
  readonly tuning: TransferTuning;
  readonly validate: ValidateFile | undefined;
  readonly freeBytes: (path: string) => Promise<number>;
  /** Left free on the disk of the models. */
  readonly keepFreeBytes: number;
}

export interface RunEvents {
  readonly onSource: (source: string) => void;
  readonly onBytes: (file: number, written: number) => void;
  readonly onChecking: (isChecking: boolean) => void;
}

/** How often free space is looked at, in milliseconds. */
const spaceEveryMs = 3000;

/** Fetches all files of a download, then makes them visible together. Throws what stopped it; what came is kept. */
export async function runDownload(
  context: RunContext,
  request: DownloadRequest,
  journal: DownloadJournal,
  events: RunEvents,
  signal: AbortSignal,
): Promise<DownloadResultFile[]> {
  await openTarget(request);
  const watch = await watchSpace(context, request, journal, signal);
  try {
    const verified: VerifiedLine[] = [];
    for (const index of request.files.keys()) {
      verified.push(await getFile(context, request, journal, index, events, watch.signal));
    }
    watch.signal.throwIfAborted();
    for (const [index, file] of request.files.entries()) {
      await publishFile(partPathOf(request, index), targetPathOf(request, index), file.sizeBytes);
    }
    await journal.append({ t: "state", state: "done", error: null }, { sync: true });
    await removeLeftovers(request, { quarantine: true });
    return resultsOf(request, verified);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw isDesksideError(error, "DOWNLOAD_NO_SPACE") ? await noSpace(context, request, journal, error) : error;
  } finally {
    watch.stop();
  }
}

export function resultsOf(
  request: DownloadRequest,
  verified: readonly (VerifiedLine | null | undefined)[],
): DownloadResultFile[] {
  return request.files.flatMap((file, index) => {
    const line = verified[index];
    if (!line) return [];
    const { sha256, wasExpected, source } = line;
    return [{ path: file.path, bytes: file.sizeBytes, sha256, wasExpected, source }];
  });
}

/** Bytes that still have to come. */
export function missingBytes(request: DownloadRequest, journal: DownloadJournal): number {
  return request.files.reduce((sum, file, index) => {
    const kept = journal.record.files[index];
    if (kept?.verified) return sum;
    const have = kept?.done.reduce((total, [start, end]) => total + end - start, 0) ?? 0;
    return sum + Math.max(0, file.sizeBytes - have);
  }, 0);
}

async function openTarget(request: DownloadRequest): Promise<void> {
  const { targetFolder } = request;
  for (const index of request.files.keys()) targetPathOf(request, index);
  try {
    await mkdir(targetFolder, { recursive: true });
  } catch (error) {
    if (fsCode(error) === "ENOSPC") {
      throw deskError("DOWNLOAD_NO_SPACE", { path: targetFolder, neededBytes: 0, freeBytes: 0 }, { cause: error });
    }
    const detail = error instanceof Error ? error.message : String(error);
    throw deskError("MODEL_FOLDER_UNUSABLE", { path: targetFolder, detail }, { cause: error });
  }
}

async function getFile(
  context: RunContext,
  request: DownloadRequest,
  journal: DownloadJournal,
  index: number,
  events: RunEvents,
  signal: AbortSignal,
): Promise<VerifiedLine> {
  const file = request.files[index];
  if (!file) throw new Error(`no file ${index}`);
  const partPath = partPathOf(request, index);
  const known = (await knownFile(request, journal, index)) ?? (await sameFileThere(request, journal, index, signal));
  if (known) {
    events.onBytes(index, file.sizeBytes);
    return known;
  }
  const { http, bucket, clock, random, tuning, validate } = context;
  events.onChecking(false);
  return downloadFile({
    ...{ file, index, partPath, journal, http, bucket, clock, random, tuning, validate, signal },
    quarantinePath: quarantinePathOf(request, index),
    onSource: events.onSource,
    onBytes(written) {
      events.onChecking(false);
      events.onBytes(index, written);
    },
    onVerifying: () => events.onChecking(true),
  });
}

/** A file that was verified before this process or this try began, and is still there. */
async function knownFile(request: DownloadRequest, journal: DownloadJournal, index: number) {
  const line = journal.record.files[index]?.verified;
  const sizeBytes = request.files[index]?.sizeBytes;
  if (!line || sizeBytes === undefined) return null;
  const sizes = [await sizeOfFile(partPathOf(request, index)), await sizeOfFile(targetPathOf(request, index))];
  return sizes.includes(sizeBytes) ? line : null;
}

/** The very file under its name already; another file there is an error before a byte is fetched. */
async function sameFileThere(request: DownloadRequest, journal: DownloadJournal, index: number, signal: AbortSignal) {
  const path = targetPathOf(request, index);
  const size = await sizeOfFile(path);
  const file = request.files[index];
  if (size === null || !file) return null;
  const sha256 = size === file.sizeBytes && file.sha256 !== null ? await hashModelFile(path, { signal }) : null;
  if (sha256 === null || sha256 !== file.sha256?.toLowerCase()) {
    throw deskError("MODEL_FOLDER_UNUSABLE", { path, detail: "another file of this name is there" });
  }
  const line: VerifiedLine = { t: "verified", file: index, sha256, wasExpected: true, source: null };
  await journal.append(line, { sync: true });
  return line;
}

/** Looks before the first byte, then again and again: other programs fill disks too. */
async function watchSpace(
  context: RunContext,
  request: DownloadRequest,
  journal: DownloadJournal,
  signal: AbortSignal,
): Promise<{ readonly signal: AbortSignal; stop(): void }> {
  const { targetFolder: path } = request;
  const needed = missingBytes(request, journal);
  const free = await context.freeBytes(path);
  if (needed > 0 && free - needed < context.keepFreeBytes) {
    throw deskError("DOWNLOAD_NO_SPACE", { path, neededBytes: needed + context.keepFreeBytes, freeBytes: free });
  }
  const full = new AbortController();
  const timer = setInterval(() => {
    context.freeBytes(path).then(
      (freeBytes) => {
        if (freeBytes >= context.keepFreeBytes) return;
        full.abort(deskError("DOWNLOAD_NO_SPACE", { path, neededBytes: context.keepFreeBytes, freeBytes }));
      },
      (error: unknown) => full.abort(error),
    );
  }, spaceEveryMs);
  return { signal: AbortSignal.any([signal, full.signal]), stop: () => clearInterval(timer) };
}

/** With the figures of now: the disk itself only says "full". */
async function noSpace(context: RunContext, request: DownloadRequest, journal: DownloadJournal, cause: unknown) {
  const { targetFolder: path } = request;
  const neededBytes = missingBytes(request, journal) + context.keepFreeBytes;
  return deskError("DOWNLOAD_NO_SPACE", { path, neededBytes, freeBytes: await context.freeBytes(path) }, { cause });
}
