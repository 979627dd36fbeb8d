import type { IncomingMessage } from "node:http";

/** One request of a chain. */
export interface Hop {
  readonly url: string;
  readonly method: string;
  readonly body: Uint8Array | null;
  /** The chain has left the origin it started from, and stays out. */
  readonly hasLeft: boolean;
  /** The body would follow to another origin: refused. */
  readonly carriesBodyAway: boolean;
}

const redirects: readonly (number | undefined)[] = [301, 302, 303, 307, 308];

/** The next request when the answer is a redirect; null when it is the answer. */
export function nextHop(
  hop: Hop,
  from: URL,
  { statusCode, headers }: Pick<IncomingMessage, "statusCode" | "headers">,
): Hop | null {
  if (!redirects.includes(statusCode) || headers.location === undefined) return null;
  const to = URL.parse(headers.location, from.href);
  const toGet =
    statusCode === 303 ? hop.method !== "HEAD" : hop.method === "POST" && (statusCode === 301 || statusCode === 302);
  const body = toGet ? null : hop.body;
  const leaves = to?.origin !== from.origin;
  return {
    url: to?.href ?? headers.location,
    method: toGet ? "GET" : hop.method,
    body,
    hasLeft: hop.hasLeft || leaves,
    carriesBodyAway: body !== null && leaves,
  };
}
