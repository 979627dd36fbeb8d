import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { deskError } from "@deskside/contract";
import { checkAddresses, type Reached } from "./address/check-addresses.ts";
import type { EgressLedger } from "./egress-ledger.ts";
import type { EgressPolicy } from "./egress-policy.ts";
import { type EgressRow, openRow } from "./egress-record.ts";
import { createDeadline, type Deadline } from "./http/deadline.ts";
import { exchange } from "./http/exchange.ts";
import { createOpenConnections, type OpenConnection } from "./open-connections.ts";
import { type Connect, createPinnedConnect } from "./http/pinned-connect.ts";
import { type Hop, nextHop } from "./http/redirect.ts";
import { checkHeaders, type Credentials, headersFor, type HeaderFields } from "./http/request-headers.ts";
import { chooseProxy, type Proxy, type ProxySettings } from "./proxy/choose-proxy.ts";
import { reachThroughProxy } from "./proxy/reach-through-proxy.ts";
import { type Resolve, resolveHost, resolveWithSystem } from "./address/resolve-host.ts";
import { CheckedSocket } from "./stream/checked-socket.ts";
import { createResponseBody } from "./http/response-body.ts";
import { nameForRecord, parseTarget, type Target } from "./http/target.ts";

export interface EgressOptions {
  readonly ledger: EgressLedger;
  readonly policy: EgressPolicy;
  /** A row of the record could not be finished, for the log. */
  readonly onRecordError: (error: unknown) => void;
  /** Asked for every hop. Default: none, whatever the environment says. */
  readonly proxies?: () => ProxySettings;
  readonly resolve?: Resolve;
  readonly connect?: Connect;
}

export interface EgressRequest {
  readonly url: string;
  readonly method?: "GET" | "HEAD" | "POST";
  /** Without credentials. After a redirect to another origin only harmless ones are sent. */
  readonly headers?: HeaderFields;
  readonly body?: Uint8Array;
  /** What for, such as `model-download`; the policy and the record go by it. */
  readonly purpose: string;
  /** Which part of Deskside asks. */
  readonly caller: string;
  readonly credentials?: Credentials;
  /** At most 5, the default. */
  readonly maxRedirects?: number;
  /** For name and connection together, each hop. Default 10 s. */
  readonly connectTimeoutMs?: number;
  /** Longest wait for the header of an answer and for the next bytes of its body. Default 30 s. */
  readonly timeoutMs?: number;
  /** For everything, until the body is read. Default 10 minutes; `Infinity` for a download of known length. */
  readonly totalTimeoutMs?: number;
  /** Default 16 MiB. */
  readonly maxResponseBytes?: number;
  readonly signal?: AbortSignal;
}

/** Read `body` to its end, or dispose: until then the connection stays open, at most for `totalTimeoutMs`. */
export interface EgressResponse extends Disposable {
  readonly status: number;
  /** Names in lower case; several values joined by comma. */
  readonly headers: HeaderFields;
  /** As sent: nothing is decompressed. Throws EGRESS_FAILED or the signal's reason. */
  readonly body: AsyncIterable<Uint8Array>;
  readonly finalUrl: string;
}

export interface Egress {
  /**
   * Any HTTP status is an answer. Throws EGRESS_BLOCKED and PROXY_UNUSABLE (nothing was sent), EGRESS_FAILED,
   * PROXY_UNREACHABLE, PROXY_AUTH_REQUIRED, PROXY_REFUSED (nothing was sent to the host) or the signal's reason.
   * Every hop of a request has its row in the record, a blocked one too.
   */
  request(request: EgressRequest): Promise<EgressResponse>;
  /** A socket for a client of another protocol; it asks when it is told to connect, see `CheckedSocket`. */
  openStream(asked: Pick<EgressRequest, "purpose" | "caller">): Duplex;
  openConnections(): OpenConnection[];
}

const mostRedirects = 5;
const defaults = {
  connectTimeoutMs: 10_000,
  timeoutMs: 30_000,
  totalTimeoutMs: 600_000,
  maxResponseBytes: 16 * 1024 * 1024,
};

/** The one way out of this computer. */
export function createEgress(options: EgressOptions): Egress {
  const open = createOpenConnections();
  const parts = { proxies: noProxies, resolve: resolveWithSystem, connect: createPinnedConnect(), ...options, open };
  return {
    request: (request) => run(parts, request),
    openStream: (asked) => new CheckedSocket({ ...parts, ...asked }),
    openConnections: () => open.list(),
  };
}

const noProxies = (): ProxySettings => ({ setting: "none", env: {} });

type Parts = Required<EgressOptions> & { readonly open: ReturnType<typeof createOpenConnections> };
type Limits = typeof defaults;

/** One hop that was answered; its row is still open. */
interface Answer {
  readonly reached: Reached;
  readonly response: IncomingMessage;
  readonly row: EgressRow;
  readonly method: string;
}

async function run(parts: Parts, request: EgressRequest): Promise<EgressResponse> {
  request.signal?.throwIfAborted();
  const limits: Limits = { ...defaults, ...withoutUndefined(request) };
  const deadline = createDeadline(limits.totalTimeoutMs, nameForRecord(request.url), request.signal);
  const most = Math.min(request.maxRedirects ?? mostRedirects, mostRedirects);
  let hop: Hop = {
    ...{ url: request.url, method: request.method ?? "GET", body: request.body ?? null },
    ...{ hasLeft: false, carriesBodyAway: false },
  };
  let previous: Reached | null = null;
  try {
    for (let redirects = 0; ; redirects++) {
      const refusal = redirects > most ? ("too-many-redirects" as const) : null;
      const answer = await visit(parts, request, { hop, previous, refusal, limits, signal: deadline.signal });
      const next = nextHop(hop, answer.reached.target.url, answer.response);
      if (!next) return toResponse(answer, limits, deadline);
      answer.response.destroy();
      answer.row.finish("ok", `redirect ${answer.response.statusCode}`);
      previous = answer.reached;
      hop = next;
    }
  } catch (error) {
    deadline.clear();
    throw error;
  }
}

interface Visit {
  readonly hop: Hop;
  readonly previous: Reached | null;
  readonly refusal: "too-many-redirects" | null;
  readonly limits: Limits;
  readonly signal: AbortSignal;
}

/** One hop, from its row in the record to the header of the answer. */
async function visit(
  parts: Parts,
  request: EgressRequest,
  { hop, previous, refusal, limits, signal }: Visit,
): Promise<Answer> {
  const { purpose, caller } = request;
  const parsed = tryParse(hop.url, parts.proxies());
  const { host, port } = "target" in parsed ? parsed.target : { host: nameForRecord(hop.url), port: 0 };
  const proxy = "target" in parsed ? parsed.proxy : null;
  const start = { host, port, proxy: proxy?.name ?? null, purpose, caller };
  const row = openRow(parts.ledger, start, parts.onRecordError);
  try {
    if (!("target" in parsed)) throw parsed.error;
    const { target } = parsed;
    if (refusal) throw deskError("EGRESS_BLOCKED", { host: target.host, reason: refusal });
    checkStep(target, previous, hop, request);
    const attempt = { host: target.host, port: target.port, purpose, caller };
    const decision = parts.policy.decide(attempt, previous?.target.host ?? null);
    if (decision !== "allow") throw policyRefusal(target.host, decision.blocked);
    const reached = await reach(parts, { target, proxy, previous, timeoutMs: limits.connectTimeoutMs, signal });
    const { headers = {}, credentials } = request;
    const response = await exchange({
      ...{ reached, method: hop.method, body: hop.body, connect: parts.connect, signal },
      ...{ connectTimeoutMs: limits.connectTimeoutMs, timeoutMs: limits.timeoutMs },
      headers: headersFor(reached, { headers, credentials, hasLeft: hop.hasLeft }),
      onSocket: (socket) => {
        row.use(socket);
        const { addresses, via } = reached;
        parts.open.add(socket, target.host, via?.proxy.port ?? target.port, via?.addresses ?? addresses);
      },
    });
    return { reached, response, row, method: hop.method };
  } catch (error) {
    row.fail(error, signal);
    throw error;
  }
}

type Parsed = { readonly target: Target; readonly proxy: Proxy | null } | { readonly error: unknown };

function tryParse(url: string, proxies: ProxySettings): Parsed {
  try {
    const target = parseTarget(url);
    return { target, proxy: chooseProxy(target, proxies) };
  } catch (error) {
    return { error };
  }
}

interface Way {
  readonly target: Target;
  readonly proxy: Proxy | null;
  readonly previous: Reached | null;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

async function reach({ resolve, policy }: Parts, way: Way): Promise<Reached> {
  const { target, proxy, previous, ...limits } = way;
  const configuredHosts = policy.configuredHosts();
  if (proxy) return await reachThroughProxy(target, proxy, { resolve, configuredHosts, previous, ...limits });
  const addresses = target.isAddress ? [target.host] : await resolveHost(resolve, target.host, limits);
  return checkAddresses(target, addresses, configuredHosts, previous);
}

function policyRefusal(host: string, why: string) {
  return deskError("EGRESS_BLOCKED", { host, reason: "policy" }, { message: why });
}

/** What may not be done at all, before anybody is asked. */
function checkStep(target: Target, previous: Reached | null, hop: Hop, request: EgressRequest): void {
  if (!previous) return checkHeaders(request.headers ?? {}, request.credentials, target);
  if (previous.target.isSecure && !target.isSecure) {
    throw deskError("EGRESS_BLOCKED", { host: target.host, reason: "scheme" });
  }
  if (hop.carriesBodyAway) throw policyRefusal(target.host, "a redirect may not carry the body to another host");
}

function toResponse(answer: Answer, limits: Limits, deadline: Deadline): EgressResponse {
  const { response, reached, row, method } = answer;
  const host = reached.target.host;
  const announced = Number(response.headers["content-length"] ?? 0);
  if (announced > limits.maxResponseBytes && method !== "HEAD") {
    response.destroy();
    row.finish("failed", "response-too-large");
    throw deskError("EGRESS_FAILED", { host, detail: "response-too-large" });
  }
  const body = createResponseBody({
    ...{ response, method, host, signal: deadline.signal },
    ...{ maxBytes: limits.maxResponseBytes, timeoutMs: limits.timeoutMs },
    onEnd(end) {
      deadline.clear();
      if (end === "complete") row.finish("ok", null);
      else if (end === "stopped") row.finish("ok", "stopped");
      else row.fail(end.error, deadline.signal);
    },
  });
  return {
    status: response.statusCode ?? 0,
    headers: joinHeaders(response),
    body: body.chunks,
    finalUrl: reached.target.url.href,
    [Symbol.dispose]: () => body.stop(),
  };
}

function joinHeaders({ headersDistinct }: IncomingMessage): HeaderFields {
  return Object.fromEntries(Object.entries(headersDistinct).map(([name, values]) => [name, (values ?? []).join(", ")]));
}

function withoutUndefined(request: EgressRequest): Partial<Limits> {
  const { connectTimeoutMs, timeoutMs, totalTimeoutMs, maxResponseBytes } = request;
  const given = Object.entries({ connectTimeoutMs, timeoutMs, totalTimeoutMs, maxResponseBytes });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}
