import { type Clock, isDesksideError, sleep } from "@deskside/base";
import { deskError } from "@deskside/contract";
import type { HttpClient } from "../../hub/http-client.ts";
import type { PartFile } from "../disk/part-file.ts";
import type { DownloadFile, TransferTuning } from "../download-types.ts";
import type { ByteRange } from "./byte-ranges.ts";
import { fetchRange, type RangeRequest } from "./fetch-range.ts";
import { writerBytes } from "./range-writer.ts";
import type { SourceChoice, SourceState } from "./source-choice.ts";
import type { TokenBucket } from "./token-bucket.ts";
import { TransferFault } from "./transfer-fault.ts";

export interface TransferJob {
  readonly file: DownloadFile;
  readonly part: PartFile;
  readonly choice: SourceChoice;
  /** Bytes of different sources may be put together: a hash will tell whether they fit. */
  readonly mayMix: boolean;
  readonly http: HttpClient;
  readonly bucket: TokenBucket;
  readonly clock: Clock;
  readonly tuning: TransferTuning;
  readonly signal: AbortSignal;
  /** `source`: in use from now on. */
  readonly onSource: (source: string) => void;
  readonly onBytes: (bytes: number) => void;
  /** Everything that was there was thrown away. */
  readonly onReset: () => void;
}

/** A request that brought this much is no failure in a row, even when it broke. */
const progressBytes = 16 * 1024;
/** Changes of one file after which its source is given up or, with a known hash, its ETag is not looked at any more. */
const maxChanges = 2;
const maxWholeAnswers = 2;

/**
 * Fetches what is missing of one file. Resolves when all bytes are written (not yet verified). Throws the failure of
 * the last source, what the disk threw, or the signal's reason.
 */
export async function transferFile(job: TransferJob): Promise<void> {
  const { part, file, choice } = job;
  // Of a file without a hash only the ETag or date says that what was there before is of the same one.
  if (!job.mayMix && part.done.bytes > 0 && part.validator === null) await startOver(job);
  for (const state of choice.states) {
    state.validator = part.sources.length === 1 && part.sources[0] === state.source.name ? part.validator : null;
  }
  while (part.done.bytes < file.sizeBytes) {
    job.signal.throwIfAborted();
    const state = choice.pick(file.path);
    if (!job.mayMix && part.sources.some((name) => name !== state.source.name)) await startOver(job);
    job.onSource(state.source.name);
    await runRound(job, state);
  }
}

async function startOver(job: TransferJob): Promise<void> {
  await job.part.reset();
  for (const state of job.choice.states) state.validator = null;
  job.onReset();
}

/** All connections to one source, until the file is whole or the source must change. */
async function runRound(job: TransferJob, state: SourceState): Promise<void> {
  const round = new AbortController();
  const signal = AbortSignal.any([job.signal, round.signal]);
  const chunks = state.isWholeOnly ? [null] : planChunks(job);
  const count = state.isWholeOnly ? 1 : Math.max(1, Math.min(state.parallel, chunks.length));
  let next = 0;
  const worker = async () => {
    const connection = { job, state, signal, buffer: Buffer.allocUnsafeSlow(writerBytes) };
    while (next < chunks.length && !signal.aborted) {
      const chunk = chunks[next++];
      if (chunk !== undefined) await fetchChunk(connection, chunk);
    }
  };
  const fail = (error: unknown) => {
    if (!round.signal.aborted) round.abort(error);
  };
  await Promise.all(Array.from({ length: count }, () => worker().catch(fail)));
  job.signal.throwIfAborted();
  if (!round.signal.aborted) return;
  const reason: unknown = round.signal.reason;
  if (!(reason instanceof TransferFault)) throw reason;
  if (reason.kind === "changed") await afterChange(job, state, reason);
}

/** Missing ranges in order, so that the start of the file is whole early and can be hashed. */
function planChunks({ part, file, tuning }: TransferJob): ByteRange[] {
  const size = tuning.chunkBytes ?? chunkBytesFor(file.sizeBytes);
  return part.done.missing(0, file.sizeBytes).flatMap(([start, end]) => {
    const chunks: ByteRange[] = [];
    for (let at = start; at < end; at += size) chunks.push([at, Math.min(end, at + size)]);
    return chunks;
  });
}

/** 16 MiB to 128 MiB: a large file must not become thousands of requests, which hubs count. */
function chunkBytesFor(sizeBytes: number): number {
  const mib = 1024 * 1024;
  return Math.min(128 * mib, Math.max(16 * mib, Math.ceil(sizeBytes / 128 / mib) * mib));
}

interface Connection {
  readonly job: TransferJob;
  readonly state: SourceState;
  readonly signal: AbortSignal;
  readonly buffer: Buffer;
}

/** One chunk (null: the whole file) with its tries. Throws the fault that ends the round. */
async function fetchChunk(connection: Connection, chunk: ByteRange | null): Promise<void> {
  const { job, state, signal } = connection;
  const [from, to] = chunk ?? [0, job.file.sizeBytes];
  for (;;) {
    const missing = job.part.done.missing(from, to)[0];
    if (!missing) return;
    await waitUntil(state, job.clock, signal);
    let got = 0;
    try {
      await fetchRange(rangeRequest(connection, chunk && missing, (bytes) => (got += bytes)));
      job.choice.succeed(state);
    } catch (error) {
      if (!(error instanceof TransferFault) || signal.aborted) throw error;
      if (got >= progressBytes && error.kind === "transient") job.choice.succeed(state);
      if (endsRound(job, state, error)) throw error;
    }
  }
}

async function waitUntil(state: SourceState, clock: Clock, signal: AbortSignal): Promise<void> {
  const wait = state.retryAt - clock.monotonic();
  if (wait > 0) await sleep(wait, { signal });
}

function rangeRequest(connection: Connection, range: ByteRange | null, onGot: (bytes: number) => void): RangeRequest {
  const { job, state, signal, buffer } = connection;
  const { http, file, part, bucket, clock, tuning } = job;
  const { source } = state;
  const ignoresValidator = job.mayMix && state.changes >= maxChanges;
  return {
    http,
    source,
    place: { file: file.path, source: source.name },
    range,
    sizeBytes: file.sizeBytes,
    validator: () => (ignoresValidator ? null : state.validator),
    ...{ part, buffer, bucket, clock, tuning, signal },
    onAnswer: (answer) => {
      if (!answer.isWhole) {
        state.hasRanges = true;
        state.wholeAnswers = 0;
      }
      state.validator ??= answer.validator;
      part.noteOrigin(source.name, answer.validator);
    },
    onBytes: (bytes) => {
      onGot(bytes);
      job.onBytes(bytes);
    },
  };
}

/** Counts the fault; true when the round with this source is over. */
function endsRound({ choice }: TransferJob, state: SourceState, fault: TransferFault): boolean {
  if (fault.kind === "changed") return true;
  if (fault.kind !== "no-ranges") return choice.fail(state, fault);
  // One whole answer may be a slip of one machine behind the address; fetching from the start again is dear.
  state.wholeAnswers++;
  if (state.wholeAnswers < maxWholeAnswers || state.hasRanges) return choice.fail(state, asTransient(fault));
  state.isWholeOnly = true;
  return true;
}

function asTransient({ error }: TransferFault): TransferFault {
  return new TransferFault("transient", error);
}

async function afterChange(job: TransferJob, state: SourceState, fault: TransferFault): Promise<void> {
  state.changes++;
  const { file } = job;
  if (state.changes >= maxChanges && !job.mayMix) {
    job.choice.drop(state.source.name, deskError("DOWNLOAD_CHANGED", { file: file.path, source: state.source.name }));
  }
  if (!isDesksideError(fault.error)) throw fault;
  await startOver(job);
}
