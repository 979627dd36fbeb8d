import { type IncomingMessage, request as httpRequest } from "node:http";
import type { Socket } from "node:net";
import { createDeferred } from "@deskside/base";
import { deskError } from "@deskside/contract";
import type { Reached } from "../address/check-addresses.ts";
import type { Connect } from "./pinned-connect.ts";

export interface ExchangeOptions {
  readonly reached: Reached;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array | null;
  readonly connect: Connect;
  /** Called as soon as a socket exists, before it is connected. */
  readonly onSocket: (socket: Socket) => void;
  readonly connectTimeoutMs: number;
  /** For the whole header of the answer, and for each pause while the request is sent. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const largestHeaderBytes = 32 * 1024;

/** What went wrong, as a word for the record and the log: a system code where there is one. */
export function failureDetail(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return typeof code === "string" ? code : error instanceof Error ? error.name : "unknown";
}

/**
 * Sends one request over a connection of its own and waits for the header of the answer. Redirects are not followed.
 * Throws EGRESS_FAILED or the signal's reason; the connection is gone then.
 */
export function exchange(options: ExchangeOptions): Promise<IncomingMessage> {
  const { signal } = options;
  const { target, addresses } = options.reached;
  const { promise, resolve, reject } = createDeferred<IncomingMessage>();
  if (signal.aborted) return Promise.reject(signal.reason as Error);
  const failed = (detail: string, cause?: unknown) =>
    deskError("EGRESS_FAILED", { host: target.host, detail }, { cause });

  let socket: Socket | undefined;
  let isSettled = false;
  const settle = () => {
    isSettled = true;
    timer.clear();
    socket?.setTimeout(0);
    signal.removeEventListener("abort", onAbort);
  };
  const fail = (error: unknown) => {
    if (isSettled) return;
    settle();
    reject(error as Error);
    request.destroy();
    socket?.destroy();
  };
  const timer = createLimit((detail) => fail(failed(detail)));
  const onAbort = () => fail(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });

  const onConnected = (connected: Socket) => {
    timer.clear();
    connected.setTimeout(options.timeoutMs, () => fail(failed("stalled")));
    const waitForHeader = () => timer.set(options.timeoutMs, "header-timeout");
    if (request.writableFinished) waitForHeader();
    else request.once("finish", waitForHeader);
  };
  timer.set(options.connectTimeoutMs, "connect-timeout");
  // Not `https`: the socket is encrypted already, and nobody but `connect` may open one.
  const request = httpRequest({
    createConnection() {
      const opened = options.connect({ host: target.host, port: target.port, isSecure: target.isSecure, addresses });
      socket = opened;
      options.onSocket(opened);
      return opened.once(target.isSecure ? "secureConnect" : "connect", () => onConnected(opened));
    },
    method: options.method,
    path: `${target.url.pathname}${target.url.search}`,
    headers: options.headers,
    maxHeaderSize: largestHeaderBytes,
  });
  request.on("error", (error) => fail(failed(failureDetail(error), error)));
  request.once("close", () => fail(failed("closed-early")));
  request.once("response", (response) => {
    settle();
    resolve(response);
  });
  request.end(options.body ?? undefined);
  return promise;
}

/** One running time limit at a time. */
function createLimit(onLimit: (detail: string) => void) {
  let timer: NodeJS.Timeout | undefined;
  const clear = () => clearTimeout(timer);
  return {
    clear,
    set(ms: number, detail: string) {
      clear();
      timer = setTimeout(() => onLimit(detail), ms);
    },
  };
}
