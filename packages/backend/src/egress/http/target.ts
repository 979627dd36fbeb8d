import { deskError } from "@deskside/contract";
import { isIP } from "node:net";

/** Where one hop of a request goes. */
export interface Target {
  readonly url: URL;
  readonly isSecure: boolean;
  /** As in the URL without brackets and without a dot at the end; canonical, so equal hosts are equal texts. */
  readonly host: string;
  readonly port: number;
  /** The host is an address already: nothing to resolve. */
  readonly isAddress: boolean;
}

/** Longest host the outbound record keeps; a name has at most 253 characters. */
const longestHost = 260;

/** What to write about a URL that is not even one. */
export function nameForRecord(text: string): string {
  const host = URL.parse(text)?.hostname;
  return (host || text).slice(0, longestHost);
}

/** Throws EGRESS_BLOCKED for what is no http(s) URL, or carries a name and password. */
export function parseTarget(text: string): Target {
  const url = URL.parse(text);
  const blocked = (reason: "scheme" | "unresolved" | "cross-host-credentials") =>
    deskError("EGRESS_BLOCKED", { host: nameForRecord(text), reason });
  if (!url) throw blocked("unresolved");
  if (url.protocol !== "https:" && url.protocol !== "http:") throw blocked("scheme");
  if (url.username !== "" || url.password !== "") throw blocked("cross-host-credentials");
  const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  if (host === "" || host.length > longestHost || host.endsWith(".") || host.startsWith("."))
    throw blocked("unresolved");
  const isSecure = url.protocol === "https:";
  const port = url.port === "" ? (isSecure ? 443 : 80) : Number(url.port);
  if (port === 0) throw blocked("unresolved");
  return { url, isSecure, host, port, isAddress: isIP(host) !== 0 };
}
