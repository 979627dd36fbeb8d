import { type IncomingMessage, request as httpRequest } from "node:http";
import type { Socket } from "node:net";
import { createDeferred, isDesksideError } from "@deskside/base";
import { createWay } from "./create-way.ts";
import type { Reached } from "../address/check-addresses.ts";
import { authRequired, proxyHeaders } from "../proxy/open-tunnel.ts";
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
 * Throws EGRESS_FAILED, PROXY_UNREACHABLE, PROXY_AUTH_REQUIRED, PROXY_REFUSED or the signal's reason; the connection is
 * gone then.
 */
export function exchange(options: ExchangeOptions): Promise<IncomingMessage> {
  const { signal } = options;
  const { target, via } = options.reached;
  const { promise, resolve, reject } = createDeferred<IncomingMessage>();
  if (signal.aborted) return Promise.reject(signal.reason as Error);
  let isSettled = false;
  let speaking: Socket | undefined;
  const way = createWay(options.reached, options.connect, options.onSocket);
  const failed = (error: unknown) => fail(isDesksideError(error) ? error : way.failure(failureDetail(error), error));

  const settle = () => {
    isSettled = true;
    timer.clear();
    speaking?.setTimeout(0);
    signal.removeEventListener("abort", onAbort);
  };
  const fail = (error: unknown) => {
    if (isSettled) return;
    settle();
    reject(error as Error);
    request.destroy();
    way.socket()?.destroy();
  };
  const timer = createLimit((detail) => fail(way.failure(detail)));
  const onAbort = () => fail(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });

  const onConnected = (connected: Socket) => {
    timer.clear();
    speaking = connected.setTimeout(options.timeoutMs, () => fail(way.failure("stalled")));
    const waitForHeader = () => timer.set(options.timeoutMs, "header-timeout");
    if (request.writableFinished) waitForHeader();
    else request.once("finish", waitForHeader);
  };
  timer.set(options.connectTimeoutMs, "connect-timeout");
  // Not `https`: the socket is encrypted already, and nobody but `connect` may open one.
  const request = httpRequest({
    createConnection(_options, onCreated) {
      way.open().then((connected) => {
        if (isSettled) return void connected.destroy();
        onConnected(connected);
        onCreated(null, connected);
      }, failed);
      return undefined;
    },
    method: options.method,
    ...lineAndHeaders(options),
    maxHeaderSize: largestHeaderBytes,
  });
  request.on("error", failed);
  request.once("close", () => fail(way.failure("closed-early")));
  request.once("response", (response) => {
    // In a tunnel this would be the target's own answer.
    if (via && !target.isSecure && response.statusCode === 407) return fail(authRequired(target.host, via));
    settle();
    resolve(response);
  });
  request.end(options.body ?? undefined);
  return promise;
}

/** A proxy gets the whole address of what is not encrypted, and its own credentials beside it. */
function lineAndHeaders({ reached: { target, via }, headers }: ExchangeOptions) {
  const path = `${target.url.pathname}${target.url.search}`;
  if (!via || target.isSecure) return { path, headers };
  return { path: `http://${headers["host"]}${path}`, headers: { ...headers, ...proxyHeaders(via) } };
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
