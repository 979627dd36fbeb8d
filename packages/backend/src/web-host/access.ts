import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

export interface Access {
  /** The names under which this server may be asked: a page of another site cannot use them. */
  readonly hosts: readonly string[];
  readonly token: string;
  readonly cookieName: string;
}

/** Exact `Host`: a name that somebody points at 127.0.0.1 is not one of ours. */
export function isHostAllowed(request: IncomingMessage, access: Access): boolean {
  return request.headers.host !== undefined && access.hosts.includes(request.headers.host);
}

/** A browser always names the origin of a socket; a program has none and shows the token in a header instead. */
export function isOriginAllowed(request: IncomingMessage, access: Access): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return bearerOf(request) !== undefined;
  return host !== undefined && access.hosts.includes(host) && origin === `http://${host}`;
}

export function isAuthorized(request: IncomingMessage, access: Access): boolean {
  const shown = bearerOf(request) ?? cookieOf(request, access.cookieName);
  return shown !== undefined && isToken(shown, access);
}

export function isToken(shown: string, access: Access): boolean {
  const [a, b] = [Buffer.from(shown), Buffer.from(access.token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function bearerOf(request: IncomingMessage): string | undefined {
  return request.headers.authorization?.match(/^Bearer ([\w-]+)$/)?.[1];
}

function cookieOf(request: IncomingMessage, name: string): string | undefined {
  for (const pair of (request.headers.cookie ?? "").split(";")) {
    const [key, value] = pair.trim().split("=");
    if (key === name) return value;
  }
  return undefined;
}
