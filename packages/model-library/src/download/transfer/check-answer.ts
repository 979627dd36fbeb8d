import { deskError } from "@deskside/contract";
import type { HttpResponse } from "../../hub/http-client.ts";
import { readRetryAfter } from "./backoff.ts";
import type { ByteRange } from "./byte-ranges.ts";
import { type FaultPlace, failedFault, TransferFault } from "./transfer-fault.ts";

export interface Expected {
  /** Null: the whole file was asked for, without a range. */
  readonly range: ByteRange | null;
  readonly sizeBytes: number;
  /** Of the file that earlier bytes are from; null: no earlier bytes, or it does not matter. */
  readonly validator: string | null;
}

/** What an answer turned out to be. */
export interface Answer {
  /** Where the body starts in the file. */
  readonly start: number;
  /** Where it must end. */
  readonly end: number;
  /** True when it is the whole file, whose end can be checked. */
  readonly isWhole: boolean;
  readonly validator: string | null;
}

type Headers = HttpResponse["headers"];

/** A strong ETag, or the date; null when the server gives neither (RFC 9110, 8.8 and 13.1.5). */
export function validatorOf(headers: Headers): string | null {
  const etag = headers["etag"]?.trim();
  if (etag && etag.length <= 1024 && /^"[\u0021\u0023-\u007e\u0080-\u00ff]*"$/.test(etag)) return etag;
  const date = headers["last-modified"]?.trim();
  return date && date.length <= 100 ? date : null;
}

/** Holds an answer against what was asked (RFC 9110, 14 and 15). Throws TransferFault. */
export function checkAnswer(
  response: Pick<HttpResponse, "status" | "headers">,
  expected: Expected,
  place: FaultPlace,
  now: number,
): Answer {
  const { status, headers } = response;
  if (status !== 200 && status !== 206) throw statusFault(status, headers, expected, place, now);
  const encoding = headers["content-encoding"]?.trim().toLowerCase() ?? "";
  if (encoding !== "" && encoding !== "identity") {
    throw failedFault(place, "transient", `the answer is encoded as "${encoding.slice(0, 40)}"`);
  }
  const validator = validatorOf(headers);
  if (expected.validator !== null && validator !== null && validator !== expected.validator) {
    throw new TransferFault("changed", deskError("DOWNLOAD_CHANGED", place));
  }
  // ModelScope answers a question for a part with 200; only Content-Range tells it from the whole file.
  const isPart = status === 206 || headers["content-range"] !== undefined;
  return isPart ? checkPart(headers, expected, place, validator) : checkWhole(headers, expected, place, validator);
}

function checkWhole(headers: Headers, expected: Expected, place: FaultPlace, validator: string | null): Answer {
  const { range, sizeBytes } = expected;
  const length = headers["content-length"];
  if (length !== undefined && /^\d+$/.test(length) && Number(length) !== sizeBytes) {
    throw sizeFault(place, sizeBytes, Number(length));
  }
  if (range !== null) throw failedFault(place, "no-ranges", "the server sends whole files only");
  return { start: 0, end: sizeBytes, isWhole: true, validator };
}

function checkPart(headers: Headers, expected: Expected, place: FaultPlace, validator: string | null): Answer {
  const { range, sizeBytes } = expected;
  const match = /^bytes (\d{1,16})-(\d{1,16})\/(\d{1,16}|\*)$/.exec(headers["content-range"]?.trim() ?? "");
  if (!match) throw failedFault(place, "transient", "the answer does not say which bytes it has");
  const [start, last] = [Number(match[1]), Number(match[2])];
  if (match[3] !== "*" && Number(match[3]) !== sizeBytes) throw sizeFault(place, sizeBytes, Number(match[3]));
  const [from, to] = range ?? [0, sizeBytes];
  if (start !== from || last < start || last >= to) {
    throw failedFault(place, "transient", `asked for bytes ${from}-${to - 1}, got ${start}-${last}`);
  }
  return { start, end: last + 1, isWhole: false, validator };
}

function sizeFault(place: FaultPlace, expected: number, actual: number): TransferFault {
  return new TransferFault("suspect", deskError("DOWNLOAD_SIZE_MISMATCH", { ...place, expected, actual }));
}

function statusFault(
  status: number,
  headers: Headers,
  expected: Expected,
  place: FaultPlace,
  now: number,
): TransferFault {
  if (status === 416) {
    const total = /^bytes \*\/(\d{1,16})$/.exec(headers["content-range"]?.trim() ?? "")?.[1];
    if (total !== undefined && Number(total) !== expected.sizeBytes) {
      return sizeFault(place, expected.sizeBytes, Number(total));
    }
  }
  const retryAfterMs = readRetryAfter(headers["retry-after"], now);
  if (status === 429) {
    const error = deskError("HUB_RATE_LIMITED", { hub: place.source, retryAfterMs });
    return new TransferFault("transient", error, { retryAfterMs, isBusy: true });
  }
  const isTransient = status >= 500 || status === 408 || status === 425 || status === 416;
  const fault = failedFault(place, isTransient ? "transient" : "fatal", `status ${status}`);
  return new TransferFault(fault.kind, fault.error, { retryAfterMs, isBusy: status === 503 });
}
