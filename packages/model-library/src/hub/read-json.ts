import { deskError } from "@deskside/contract";
import type { z } from "zod";
import type { HttpClient, HttpRequest, HttpResponse } from "./http-client.ts";
import { retry, type RetryOptions } from "./retry-request.ts";

/** A page of 1,000 files is about 300 kB. */
export const mostJsonBytes = 8 * 1024 * 1024;

/** An answer whose body was read. `value` is only there for status 200. */
export interface JsonAnswer<T> {
  readonly status: number;
  readonly headers: HttpResponse["headers"];
  readonly value: T | null;
  /** Body of an answer that is no success, cut; for logs. */
  readonly text: string;
  readonly signedIn: boolean;
}

export interface JsonRequest<T> {
  readonly url: string;
  readonly token?: string;
  readonly signal?: AbortSignal;
  readonly schema: z.ZodType<T>;
}

/**
 * Asks for JSON and checks its shape. Statuses that pass are tried again; another one is for the caller. Throws
 * HUB_ANSWER_INVALID for what is no JSON or another shape, and what `retry` throws.
 */
export async function readJson<T>(
  http: HttpClient,
  { schema, ...request }: JsonRequest<T>,
  hub: string,
  retries: RetryOptions = {},
): Promise<JsonAnswer<T>> {
  const full: HttpRequest = {
    ...request,
    headers: { accept: "application/json" },
    purpose: "hub",
    maxResponseBytes: mostJsonBytes,
    totalTimeoutMs: 60_000,
  };
  const attempt = async (): Promise<Read> => {
    using response = await http.request(full);
    const { status, headers, signedIn = request.token !== undefined } = response;
    return { status, headers, signedIn, bytes: await readAll(response) };
  };
  const signal = request.signal ? { signal: request.signal } : {};
  const { bytes, ...answer } = await retry(attempt, hub, { ...retries, ...signal });
  if (answer.status !== 200) return { ...answer, value: null, text: bytes.toString("utf8").slice(0, 300) };
  return { ...answer, value: parse(bytes, answer.headers, schema, hub), text: "" };
}

interface Read {
  readonly signedIn: boolean;
  readonly status: number;
  readonly headers: HttpResponse["headers"];
  readonly bytes: Buffer;
}

async function readAll(response: HttpResponse): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of response.body) parts.push(part);
  return Buffer.concat(parts);
}

function parse<T>(body: Buffer, headers: HttpResponse["headers"], schema: z.ZodType<T>, hub: string): T {
  let raw: unknown;
  try {
    raw = JSON.parse(body.toString("utf8"));
  } catch {
    const type = (headers["content-type"] ?? "unknown type").slice(0, 80);
    throw deskError("HUB_ANSWER_INVALID", { hub, detail: `no JSON but ${type}` });
  }
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const at = issue?.path.join(".") ?? "";
  throw deskError("HUB_ANSWER_INVALID", { hub, detail: `${at}: ${issue?.message ?? "other shape"}`.slice(0, 300) });
}
