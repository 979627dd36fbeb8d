import { type Clock, type DesksideError, isDesksideError } from "@deskside/base";
import { deskError } from "@deskside/contract";
import type { HttpClient } from "../../hub/http-client.ts";
import { findBadBlocks } from "../disk/block-check.ts";
import { diskError } from "../disk/disk-errors.ts";
import type { DownloadJournal } from "../disk/download-journal.ts";
import { quarantineFile } from "../disk/download-paths.ts";
import { createHashFollower, type HashFollower } from "../disk/hash-follower.ts";
import type { VerifiedLine } from "../disk/journal-lines.ts";
import { openPartFile, type PartFile } from "../disk/part-file.ts";
import type { DownloadFile, TransferTuning } from "../download-types.ts";
import { createSourceChoice, type SourceChoice } from "./source-choice.ts";
import type { TokenBucket } from "./token-bucket.ts";
import { TransferFault } from "./transfer-fault.ts";
import { transferFile } from "./transfer-file.ts";

/**
 * Looks into a whole file nobody published a hash of, before it becomes visible. Throws why it is refused.
 * `file`: the name it is to get; `partPath` says nothing.
 */
export type ValidateFile = (
  partPath: string,
  options: { readonly file: string; readonly signal: AbortSignal },
) => Promise<void>;

export interface FileJob {
  readonly file: DownloadFile;
  readonly index: number;
  readonly partPath: string;
  readonly quarantinePath: string;
  readonly journal: DownloadJournal;
  readonly http: HttpClient;
  readonly bucket: TokenBucket;
  readonly clock: Clock;
  readonly random: () => number;
  readonly tuning: TransferTuning;
  readonly validate: ValidateFile | undefined;
  readonly signal: AbortSignal;
  readonly onSource: (source: string) => void;
  /** `written`: bytes of this file that are there now. */
  readonly onBytes: (written: number) => void;
  readonly onVerifying: () => void;
}

/**
 * Fetches and verifies one file; what comes back is journalled. A file with a wrong hash goes to the quarantine and is
 * fetched again from another source alone, so that the error names who sent it. Throws DOWNLOAD_HASH_MISMATCH and what
 * `transferFile` throws: a TransferFault for what may pass by itself.
 */
export async function downloadFile(job: FileJob): Promise<VerifiedLine> {
  const { file, index, tuning, clock, random } = job;
  const choice = createSourceChoice(file.sources, tuning, clock, random);
  let mayMix = file.sha256 !== null;
  let repairs = 0;
  let part = await openPartFile({ path: job.partPath, journal: job.journal, index, clock });
  try {
    for (;;) {
      const sha256 = await fetchAndHash(job, part, choice, mayMix);
      const refusal = await checkFile(job, part, sha256);
      if (refusal === null) {
        await part.sync();
        const source = part.sources.join(" + ") || null;
        const line: VerifiedLine = { t: "verified", file: index, sha256, wasExpected: file.sha256 !== null, source };
        await job.journal.append(line, { sync: true });
        return line;
      }
      if (repairs++ < file.sources.length && (await repair(job, part, choice, refusal))) continue;
      condemn(choice, part.sources, refusal);
      part = await putAside(job, part);
      mayMix = false;
      job.onBytes(0);
      if (choice.states.every(({ dead }) => dead !== null)) throw refusal;
    }
  } finally {
    await part[Symbol.asyncDispose]();
  }
}

async function fetchAndHash(job: FileJob, part: PartFile, choice: SourceChoice, mayMix: boolean): Promise<string> {
  const { file, http, bucket, clock, tuning, signal, onSource } = job;
  let follower: HashFollower = createHashFollower(part.path);
  try {
    job.onBytes(part.done.bytes);
    await transferFile({
      ...{ file, part, choice, mayMix, http, bucket, clock, tuning, signal, onSource },
      onBytes: () => {
        follower.advance(part.done.contiguousFrom(0));
        job.onBytes(part.done.bytes);
      },
      onReset: () => {
        follower[Symbol.dispose]();
        follower = createHashFollower(part.path);
        job.onBytes(0);
      },
    });
    job.onVerifying();
    return await follower.finish(file.sizeBytes, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw isDesksideError(error) || error instanceof TransferFault ? error : diskError(part.path, error);
  } finally {
    follower[Symbol.dispose]();
  }
}

/** Null when the file may become a model. */
async function checkFile(job: FileJob, part: PartFile, actual: string): Promise<DesksideError | null> {
  const { file, signal, validate } = job;
  if (file.sha256 !== null) {
    const expected = file.sha256.toLowerCase();
    if (actual === expected) return null;
    const source = part.sources.join(" + ");
    return deskError("DOWNLOAD_HASH_MISMATCH", { file: file.path, source, expected, actual });
  }
  try {
    await validate?.(part.path, { file: file.path, signal });
    return null;
  } catch (error) {
    signal.throwIfAborted();
    if (isDesksideError(error)) return error;
    throw error;
  }
}

/** Keeps the blocks that are right. False when they cannot be told apart. */
async function repair(job: FileJob, part: PartFile, choice: SourceChoice, refusal: DesksideError): Promise<boolean> {
  const { file, signal } = job;
  if (!file.blockHashes || file.sha256 === null) return false;
  const bad = await findBadBlocks(part, file.sizeBytes, file.blockHashes, signal);
  if (!bad || bad.length === 0) return false;
  // The only source gets one more try: the line may have done it.
  const alive = choice.states.filter(({ dead }) => dead === null);
  if (alive.length > 1) condemn(choice, part.sources.slice(0, 1), refusal);
  await part.discard(bad);
  return true;
}

/** One source: it is out. Several: nobody knows which, so each is tried alone. */
function condemn(choice: SourceChoice, sources: readonly string[], refusal: DesksideError): void {
  const [only, ...others] = sources;
  if (only !== undefined && others.length === 0) choice.drop(only, refusal);
  for (const state of choice.states) choice.succeed(state);
}

/** Moves the wrong file away and opens an empty one. */
async function putAside(job: FileJob, part: PartFile): Promise<PartFile> {
  await part.reset();
  await part[Symbol.asyncDispose]();
  await quarantineFile(job.partPath, job.quarantinePath);
  return openPartFile({ path: job.partPath, journal: job.journal, index: job.index, clock: job.clock });
}
