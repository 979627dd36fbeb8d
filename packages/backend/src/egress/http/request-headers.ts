import { validateHeaderName, validateHeaderValue } from "node:http";
import { deskError } from "@deskside/contract";
import { canonicalHost } from "../egress-policy.ts";
import type { Reached } from "../address/check-addresses.ts";
import type { Target } from "./target.ts";

export type HeaderFields = Readonly<Record<string, string>>;

/** Headers that say who somebody is, and belong to one host. */
export interface Credentials {
  readonly headers: HeaderFields;
  readonly forHost: string;
}

/** Made by this module or by Node from what the request really is. */
const ownHeaders = [
  ...["host", "connection", "keep-alive", "content-length", "transfer-encoding"],
  ...["upgrade", "te", "trailer", "expect", "proxy-connection"],
];
const identifying = ["authorization", "proxy-authorization", "cookie"];
/** What a host that was not asked for may learn after a redirect. */
const harmless = [
  ...["accept", "accept-encoding", "accept-language", "user-agent", "range", "if-range"],
  ...["if-match", "if-none-match", "if-modified-since", "cache-control", "content-type"],
];

const lowerCased = (headers: HeaderFields) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** Throws TypeError for a header that is not the caller's to set, EGRESS_BLOCKED for credentials in the wrong place. */
export function checkHeaders(headers: HeaderFields, credentials: Credentials | undefined, target: Target): void {
  const names = Object.keys(lowerCased(headers));
  const all = [...names, ...Object.keys(lowerCased(credentials?.headers ?? {}))];
  const wrong = all.find((name) => ownHeaders.includes(name));
  if (wrong !== undefined) throw new TypeError(`"${wrong}" is set by the egress module`);
  for (const [name, value] of Object.entries({ ...headers, ...credentials?.headers })) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  }
  const isForeign = credentials !== undefined && canonicalHost(credentials.forHost) !== target.host;
  if (isForeign || names.some((name) => identifying.includes(name))) {
    throw deskError("EGRESS_BLOCKED", { host: target.host, reason: "cross-host-credentials" });
  }
}

/**
 * What is really sent. Credentials go only to the first host, only as long as no other was between, and in clear text
 * only to one that the user configured and no proxy is before (otherwise EGRESS_BLOCKED, `scheme`).
 */
export function headersFor(
  { target, configured, via }: Reached,
  request: { readonly headers: HeaderFields; readonly credentials: Credentials | undefined; readonly hasLeft: boolean },
): Record<string, string> {
  const { hasLeft, credentials } = request;
  const given = Object.entries(lowerCased(request.headers)).filter(([name]) => !hasLeft || harmless.includes(name));
  if (credentials && !hasLeft && !target.isSecure && (!configured || via)) {
    throw deskError("EGRESS_BLOCKED", { host: target.host, reason: "scheme" });
  }
  return {
    "user-agent": "Deskside",
    accept: "*/*",
    "accept-encoding": "identity",
    ...Object.fromEntries(given),
    ...(credentials && !hasLeft ? lowerCased(credentials.headers) : {}),
    host: target.url.host.replace(/\.(?=$|:\d+$)/, ""),
    connection: "close",
  };
}
