import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { connect, type NetConnectOpts, type Socket } from "node:net";
import { deskError } from "@deskside/contract";

export interface LoopbackHttpOptions {
  /** Longest wait for headers and between bytes. */
  readonly timeoutMs?: number;
}

interface LoopbackRequest {
  readonly url: string;
  readonly method?: "GET" | "HEAD";
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: string;
  readonly maxResponseBytes: number;
  readonly totalTimeoutMs?: number;
  readonly signal?: AbortSignal;
}

interface LoopbackResponse extends Disposable {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: AsyncIterable<Uint8Array>;
  readonly finalUrl: string;
}

const mostRedirects = 5;
const readBytes = 64 * 1024;

/**
 * Reads of a connection go into one buffer of its own: the parser copies the bodies out of it, so that a fast answer
 * leaves no garbage of its own size.
 */
class ReadingAgent extends Agent {
  override createConnection(options: NetConnectOpts): Socket {
    const socket: Socket = connect({
      ...options,
      onread: {
        buffer: Buffer.allocUnsafeSlow(readBytes),
        callback: (length, buffer) => socket.emit("data", buffer.subarray(0, length)),
      },
    });
    return socket;
  }
}

const agent = new ReadingAgent({ keepAlive: true });

/**
 * The library's HTTP client for tests: plain HTTP to loopback addresses, with the rules that a hub can rely on
 * (redirects, tokens for the first host only, limits of size and time). Fails with EGRESS_FAILED and EGRESS_BLOCKED.
 */
export function createLoopbackHttpClient(options: LoopbackHttpOptions = {}): {
  request(request: LoopbackRequest): Promise<LoopbackResponse>;
} {
  const idleMs = options.timeoutMs ?? 5000;
  return {
    async request(request) {
      request.signal?.throwIfAborted();
      const signals = [
        request.signal,
        request.totalTimeoutMs === undefined ? undefined : AbortSignal.timeout(request.totalTimeoutMs),
      ].filter((signal) => signal !== undefined);
      const signal = AbortSignal.any(signals);
      let url = new URL(request.url);
      for (let redirects = 0; ; redirects++) {
        if (!isLoopback(url)) throw deskError("EGRESS_BLOCKED", { host: url.hostname, reason: "private-address" });
        if (redirects > mostRedirects) {
          throw deskError("EGRESS_BLOCKED", { host: url.hostname, reason: "too-many-redirects" });
        }
        const isFirstHost = url.origin === new URL(request.url).origin;
        const incoming = await exchange(url, request, { isFirstHost, signal, idleMs });
        const location = incoming.headers.location;
        if (location === undefined || ![301, 302, 303, 307, 308].includes(incoming.statusCode ?? 0)) {
          return toResponse(incoming, url, request, signal);
        }
        incoming.destroy();
        url = new URL(location, url);
      }
    },
  };
}

function isLoopback({ protocol, hostname }: URL): boolean {
  return protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
}

function failed(url: URL, detail: string, signal: AbortSignal, given: AbortSignal | undefined): unknown {
  if (given?.aborted) return given.reason;
  return deskError("EGRESS_FAILED", { host: url.hostname, detail: signal.aborted ? "total-timeout" : detail });
}

function exchange(
  url: URL,
  request: LoopbackRequest,
  { isFirstHost, signal, idleMs }: { isFirstHost: boolean; signal: AbortSignal; idleMs: number },
): Promise<IncomingMessage> {
  const authorization = isFirstHost && request.token !== undefined ? { authorization: `Bearer ${request.token}` } : {};
  const headers = { ...request.headers, ...authorization, "accept-encoding": "identity" };
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { method: request.method ?? "GET", headers, signal, timeout: idleMs, agent });
    sent.on("timeout", () => sent.destroy(new Error("timeout")));
    sent.on("error", (error) => reject(failed(url, error.message, signal, request.signal)));
    sent.on("response", resolve);
    sent.end();
  });
}

function toResponse(
  incoming: IncomingMessage,
  url: URL,
  request: LoopbackRequest,
  signal: AbortSignal,
): LoopbackResponse {
  async function* read(): AsyncGenerator<Uint8Array> {
    let received = 0;
    try {
      for await (const chunk of incoming as AsyncIterable<Buffer>) {
        received += chunk.length;
        if (received > request.maxResponseBytes) throw new Error("response-too-large");
        yield chunk;
      }
    } catch (error) {
      throw failed(url, error instanceof Error ? error.message : String(error), signal, request.signal);
    } finally {
      incoming.destroy();
    }
  }
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]),
  );
  // Disposed before its end, the answer breaks off; whoever still reads hears of it through `read`.
  incoming.on("error", () => undefined);
  return {
    status: incoming.statusCode ?? 0,
    headers,
    body: read(),
    finalUrl: url.href,
    [Symbol.dispose]: () => void incoming.destroy(),
  };
}
