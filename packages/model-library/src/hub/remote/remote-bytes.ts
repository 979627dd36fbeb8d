import { deskError } from "@deskside/contract";
import type { HttpClient, HttpRequest, HttpResponse } from "../http-client.ts";
import type { HubFileSource } from "../hub.ts";
import { retry, type RetryOptions } from "../retry-request.ts";

/** A part of a file that arrived. */
export interface RemotePart {
  readonly status: number;
  readonly bytes: Buffer;
  /** Of the whole file; null when the server does not say. */
  readonly fileBytes: number | null;
  /** Strong validator, to notice a change between two parts; null without one. */
  readonly etag: string | null;
  readonly headers: HttpResponse["headers"];
  readonly signedIn: boolean;
}

/** `end` is not included. A part may be shorter only where the file ends. */
export interface PartWanted {
  readonly start: number;
  readonly end: number;
}

export interface PartOptions {
  readonly purpose: HttpRequest["purpose"];
  readonly signal?: AbortSignal;
  readonly retries?: RetryOptions;
}

/**
 * Fetches a part of a file. Servers that answer 200 with Content-Range (ModelScope) and servers that send the whole
 * file are understood; of the latter no more is read than needed. A refusal (4xx) is returned with its status and the
 * start of its body. Throws HUB_ANSWER_INVALID for an answer that is another part than asked for or cut short,
 * HUB_UNAVAILABLE, HUB_RATE_LIMITED, EGRESS_BLOCKED or the signal's reason.
 */
export function fetchPart(
  http: HttpClient,
  source: HubFileSource,
  wanted: PartWanted,
  { purpose, signal, retries }: PartOptions,
): Promise<RemotePart> {
  const request: HttpRequest = {
    url: source.url,
    ...(source.token === undefined ? {} : { token: source.token }),
    headers: { range: `bytes=${wanted.start}-${wanted.end - 1}` },
    purpose,
    // A server that ignores the range announces the whole file; reading stops by itself.
    maxResponseBytes: Number.MAX_SAFE_INTEGER,
    totalTimeoutMs: 120_000,
    ...(signal ? { signal } : {}),
  };
  const attempt = async (): Promise<RemotePart> => {
    using response = await http.request(request);
    // Awaited here: the answer is closed when this function ends.
    return await readPart(response, wanted, source);
  };
  return retry(attempt, source.name, { ...retries, ...(signal ? { signal } : {}) });
}

const mostRefusalBytes = 4096;

async function readPart(response: HttpResponse, wanted: PartWanted, source: HubFileSource): Promise<RemotePart> {
  const { status, headers, signedIn = source.token !== undefined } = response;
  const { name: hub } = source;
  if (status !== 200 && status !== 206) {
    const bytes = await readBetween(response, 0, mostRefusalBytes);
    return { status, headers, signedIn, bytes, fileBytes: null, etag: null };
  }
  if (headers["content-encoding"] !== undefined && headers["content-encoding"] !== "identity") {
    throw invalid(hub, `content encoding ${headers["content-encoding"]}`);
  }
  const range = parseContentRange(headers["content-range"]);
  if (!range && status === 206) throw invalid(hub, "a part without a usable Content-Range");
  const announced = range ? range.total : lengthOf(headers);
  const end = Math.min(wanted.end, announced ?? wanted.end);
  if (range && (range.start !== wanted.start || range.end !== end)) {
    throw invalid(hub, `bytes ${range.start}-${range.end} instead of ${wanted.start}-${end}`);
  }
  const skipped = range ? 0 : wanted.start;
  const bytes = await readBetween(response, skipped, skipped + end - wanted.start);
  if (announced !== null && bytes.length !== end - wanted.start) {
    throw invalid(hub, `${bytes.length} bytes instead of ${end - wanted.start}`);
  }
  // Without an announced size the end of the answer is the end of the file, when it came before the end of the part.
  const fileBytes = announced ?? (range || bytes.length === end - wanted.start ? null : wanted.start + bytes.length);
  return { status, headers, signedIn, bytes, fileBytes, etag: strongTag(headers["etag"]) };
}

async function readBetween({ body }: HttpResponse, from: number, to: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let at = 0;
  for await (const chunk of body) {
    parts.push(chunk.subarray(Math.max(0, from - at), Math.max(0, to - at)));
    at += chunk.length;
    if (at >= to) break;
  }
  return Buffer.concat(parts);
}

/** `bytes 0-99/1000`; the end is made exclusive. */
export function parseContentRange(
  text: string | undefined,
): { readonly start: number; readonly end: number; readonly total: number | null } | null {
  const match = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(text?.trim() ?? "");
  if (!match) return null;
  const range = {
    start: Number(match[1]),
    end: Number(match[2]) + 1,
    total: match[3] === "*" ? null : Number(match[3]),
  };
  const isPossible = range.start < range.end && (range.total === null || range.end <= range.total);
  return isPossible ? range : null;
}

function lengthOf(headers: HttpResponse["headers"]): number | null {
  const text = headers["content-length"] ?? "";
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function strongTag(etag: string | undefined): string | null {
  return etag !== undefined && /^"[^"]{1,300}"$/.test(etag) ? etag : null;
}

function invalid(hub: string, detail: string): Error {
  return deskError("HUB_ANSWER_INVALID", { hub, detail });
}
