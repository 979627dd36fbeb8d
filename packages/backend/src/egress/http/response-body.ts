import type { IncomingMessage } from "node:http";
import { isDesksideError } from "@deskside/base";
import { deskError } from "@deskside/contract";
import { failureDetail } from "./exchange.ts";

export type BodyEnd = "complete" | "stopped" | { readonly error: unknown };

export interface BodyOptions {
  readonly response: IncomingMessage;
  readonly method: string;
  readonly host: string;
  readonly maxBytes: number;
  /** Longest wait for the next bytes, while somebody wants them. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Exactly once; `stopped` = nobody wanted the rest. */
  readonly onEnd: (end: BodyEnd) => void;
}

export interface ResponseBody {
  /** Once. Throws EGRESS_FAILED (`response-too-large`, `stalled`, `cut-off`, a system code) or the signal's reason. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Reads no further and closes the connection. Idempotent. */
  stop(): void;
}

export function createResponseBody(options: BodyOptions): ResponseBody {
  const { response, signal } = options;
  let hasEnded = false;
  const end = (how: BodyEnd) => {
    if (hasEnded) return;
    hasEnded = true;
    signal.removeEventListener("abort", onAbort);
    response.destroy();
    options.onEnd(how);
  };
  // Also ends a body that nobody reads.
  const onAbort = () => end({ error: signal.reason });
  signal.addEventListener("abort", onAbort, { once: true });
  // Without a listener Node forgets why a connection broke before anybody reads.
  response.on("error", () => undefined);
  const isEmpty = hasNoBody(response, options.method);
  if (signal.aborted) onAbort();
  else if (isEmpty) end("complete");
  return { chunks: isEmpty ? noChunks(signal) : readChunks(options, end), stop: () => end("stopped") };
}

/** Complete without being read. */
function hasNoBody({ statusCode, headers }: IncomingMessage, method: string): boolean {
  return statusCode === 204 || statusCode === 304 || method === "HEAD" || headers["content-length"] === "0";
}

function noChunks(signal: AbortSignal): AsyncIterable<Uint8Array> {
  const next = async (): Promise<IteratorResult<Uint8Array>> => {
    signal.throwIfAborted();
    return { done: true, value: undefined };
  };
  return { [Symbol.asyncIterator]: () => ({ next }) };
}

async function* readChunks(
  { response, host, maxBytes, timeoutMs, signal }: BodyOptions,
  end: (how: BodyEnd) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const failed = (detail: string, cause?: unknown) => deskError("EGRESS_FAILED", { host, detail }, { cause });
  let received = 0;
  try {
    signal.throwIfAborted();
    const reader = response[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
    for (;;) {
      const timer = setTimeout(() => response.destroy(failed("stalled")), timeoutMs);
      const next = await reader.next().finally(() => clearTimeout(timer));
      signal.throwIfAborted();
      if (next.done) break;
      received += next.value.byteLength;
      if (received > maxBytes) throw failed("response-too-large");
      yield next.value;
      signal.throwIfAborted();
    }
    if (!response.complete) throw failed("cut-off");
    end("complete");
  } catch (error) {
    const reason = signal.aborted ? signal.reason : isDesksideError(error) ? error : failed(detailOf(error), error);
    end({ error: reason });
    throw reason;
  } finally {
    // Whoever leaves the loop early is done with it.
    end("stopped");
  }
}

/** Node has two words for an answer that ends before its announced length. */
function detailOf(error: unknown): string {
  const code = failureDetail(error);
  return code === "ERR_STREAM_PREMATURE_CLOSE" || code === "ECONNRESET" ? "cut-off" : code;
}
