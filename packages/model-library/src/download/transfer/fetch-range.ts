import { type Clock, withSignal } from "@deskside/base";
import { deskError } from "@deskside/contract";
import type { HttpClient, HttpResponse } from "../../hub/http-client.ts";
import type { PartFile } from "../disk/part-file.ts";
import type { DownloadSource, TransferTuning } from "../download-types.ts";
import type { ByteRange } from "./byte-ranges.ts";
import { type Answer, checkAnswer } from "./check-answer.ts";
import type { TokenBucket } from "./token-bucket.ts";
import { createRangeWriter } from "./range-writer.ts";
import { type FaultPlace, failedFault, faultOfThrown, TransferFault } from "./transfer-fault.ts";

export interface RangeRequest {
  readonly http: HttpClient;
  readonly source: DownloadSource;
  readonly place: FaultPlace;
  /** Null: the whole file, of a server that has no ranges. */
  readonly range: ByteRange | null;
  readonly sizeBytes: number;
  readonly validator: () => string | null;
  readonly part: PartFile;
  /** Of `writerBytes`, for this request alone while it runs. */
  readonly buffer: Buffer;
  readonly bucket: TokenBucket;
  readonly clock: Clock;
  readonly tuning: TransferTuning;
  readonly signal: AbortSignal;
  /** Before the first byte is written. */
  readonly onAnswer: (answer: Answer) => void;
  /** New bytes that were written. */
  readonly onBytes: (bytes: number) => void;
}

/** Egress ends a request that has none; stalls are noticed here. */
const longestRequestMs = 24 * 3_600_000;

/**
 * Fetches one range into the part file; bytes that are there already are never written again. Resolves when the whole
 * range came. Throws TransferFault, DOWNLOAD_NO_SPACE, DISK_FAILED or the signal's reason.
 */
export async function fetchRange(request: RangeRequest): Promise<void> {
  const { signal, place } = request;
  signal.throwIfAborted();
  const ended = new AbortController();
  const stall = createStallWatch(request, () => ended.abort(failedFault(place, "transient", "no bytes came")));
  try {
    const either = AbortSignal.any([signal, ended.signal]);
    using response = await withSignal(open(request, either), either);
    const expected = { range: request.range, sizeBytes: request.sizeBytes, validator: request.validator() };
    const answer = checkAnswer(response, expected, place, request.clock.now());
    request.onAnswer(answer);
    await receive(request, response, answer, stall, either);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (ended.signal.aborted) throw ended.signal.reason;
    throw faultOfThrown(place, error);
  } finally {
    stall.stop();
    ended.abort(new Error("the request is over"));
  }
}

function open(request: RangeRequest, signal: AbortSignal): Promise<HttpResponse> {
  const { http, source, range } = request;
  const validator = request.validator();
  const headers: Record<string, string> = { "accept-encoding": "identity" };
  if (range) {
    headers["range"] = `bytes=${range[0]}-${range[1] - 1}`;
    // A date is too coarse to be relied on here; it is compared in the answer.
    if (validator?.startsWith('"')) headers["if-range"] = validator;
  }
  return http.request({
    url: source.url,
    headers,
    ...(source.token === undefined ? {} : { token: source.token }),
    purpose: "model-download",
    // What is read is bounded here; a wrong length must be seen to be named.
    maxResponseBytes: Number.MAX_SAFE_INTEGER,
    totalTimeoutMs: longestRequestMs,
    signal,
  });
}

async function receive(
  request: RangeRequest,
  response: HttpResponse,
  answer: Answer,
  stall: StallWatch,
  either: AbortSignal,
): Promise<void> {
  const { place, signal, bucket } = request;
  const writer = createRangeWriter(request);
  const pieces = response.body[Symbol.asyncIterator]();
  const aborted = rejectsOn(either);
  const frees = request.tuning.freesPieces && hasPieceForEachRead(response);
  let at = answer.start;
  try {
    while (at < answer.end) {
      const next = await Promise.race([pieces.next(), aborted]);
      if (next.done) throw failedFault(place, "transient", `the answer ended ${answer.end - at} bytes early`);
      const piece = next.value.subarray(0, answer.end - at);
      const bytes = piece.length;
      stall.count(bytes);
      if (next.value.length > piece.length && answer.isWhole) throw tooLong(request, next.value.length - piece.length);
      const writing = writer.take(at, piece);
      if (writing) await writing;
      at += bytes;
      if (frees) freePiece(next.value);
      if (bucket.rate !== null) await stall.whilePaused(() => bucket.take(bytes, signal));
    }
    // The bytes after the last are not waited for: a server may keep the line open.
  } finally {
    // What came before a fault is kept; a failing disk is the graver news.
    await writer.flush();
  }
  const wanted = request.range ?? [0, request.sizeBytes];
  if (answer.end < wanted[1]) throw failedFault(place, "transient", "the server sent a shorter range");
}

function tooLong({ place, sizeBytes }: RangeRequest, extra: number): TransferFault {
  const data = { ...place, expected: sizeBytes, actual: sizeBytes + extra };
  return new TransferFault("suspect", deskError("DOWNLOAD_SIZE_MISMATCH", data));
}

/** A body of a known length is one stretch of each read; with chunks one read has several pieces. */
function hasPieceForEachRead({ headers }: HttpResponse): boolean {
  return headers["content-length"] !== undefined && headers["transfer-encoding"] === undefined;
}

/** Of a piece that is most of its memory, so that it is no part of something larger. */
function freePiece(piece: Uint8Array): void {
  const { buffer } = piece;
  if (buffer instanceof ArrayBuffer && piece.byteLength * 2 > buffer.byteLength) buffer.transfer(0);
}

/** One promise for all waits of a request: a listener for every piece would cost more than the piece. */
function rejectsOn(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  if (signal.aborted) reject(signal.reason as Error);
  else signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  return promise;
}

interface StallWatch {
  count(bytes: number): void;
  /** Time that we let the server wait does not count. */
  whilePaused(work: () => Promise<void>): Promise<void>;
  stop(): void;
}

/** Calls `onStall` when less than `minBytes` came within `stallMs`. */
function createStallWatch({ tuning }: RangeRequest, onStall: () => void): StallWatch {
  let bytes = 0;
  let pausedDuring = false;
  const timer = setInterval(() => {
    if (bytes < tuning.minBytes && !pausedDuring) onStall();
    bytes = 0;
    pausedDuring = false;
  }, tuning.stallMs);
  return {
    count(more) {
      bytes += more;
    },
    async whilePaused(work) {
      const started = performance.now();
      await work();
      if (performance.now() - started > 5) pausedDuring = true;
    },
    stop: () => clearInterval(timer),
  };
}
