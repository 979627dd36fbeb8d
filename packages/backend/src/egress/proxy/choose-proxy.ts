import { deskError } from "@deskside/contract";
import { classifyAddress } from "../address/address-rules.ts";
import { parseIpAddress } from "../address/ip-address.ts";
import { isThisComputer } from "../address/this-computer.ts";
import type { Target } from "../http/target.ts";
import { isExempt } from "./no-proxy.ts";

/** A proxy as it was configured. */
export interface Proxy {
  readonly host: string;
  readonly port: number;
  /** The connection to the proxy itself is encrypted. */
  readonly isSecure: boolean;
  /** `host:port`, for people and the record: without name and password. */
  readonly name: string;
  /** For `Proxy-Authorization`; a secret. */
  readonly authorization: string | null;
}

export interface ProxySettings {
  /** `network.proxy`: null = the environment decides, "none", or an address. */
  readonly setting: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The proxy for a target; null = straight there. This computer is always reached straight, and what NO_PROXY names, also
 * when the proxy stands in the settings. Throws PROXY_UNUSABLE.
 */
export function chooseProxy(target: Pick<Target, "host" | "port" | "isSecure">, { setting, env }: ProxySettings) {
  if (setting === "none" || isThisComputer(target.host)) return null;
  const given = (name: string) => env[name.toLowerCase()]?.trim() || env[name]?.trim() || null;
  if (isExempt(target, given("NO_PROXY") ?? "")) return null;
  const text = setting ?? given(target.isSecure ? "HTTPS_PROXY" : "HTTP_PROXY") ?? given("ALL_PROXY");
  return text === null ? null : parseProxy(text);
}

function parseProxy(text: string): Proxy {
  const url = URL.parse(/^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  const unusable = (reason: "socks" | "not-an-address" | "link-local-address") =>
    // What stands before the last @ may be a password.
    deskError("PROXY_UNUSABLE", { proxy: url?.host || text.replace(/^.*@/s, "").slice(0, 100), reason });
  if (url && /^socks/i.test(url.protocol)) throw unusable("socks");
  if (!url || (url.protocol !== "http:" && url.protocol !== "https:") || url.hostname === "")
    throw unusable("not-an-address");
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const isSecure = url.protocol === "https:";
  const port = Number(url.port || (isSecure ? 443 : 80));
  if (port === 0) throw unusable("not-an-address");
  if (parseIpAddress(host) !== null) refuseNobody(host, [host]);
  return { host, port, isSecure, name: `${url.hostname}:${port}`, authorization: basic(url.username, url.password) };
}

/** A proxy may be a private computer, but no metadata service and no whole network. Throws PROXY_UNUSABLE. */
export function refuseNobody(proxy: string, addresses: readonly string[]): void {
  const classes = addresses.map(classifyAddress);
  if (!classes.includes("link-local") && !classes.includes("reserved")) return;
  throw deskError("PROXY_UNUSABLE", { proxy, reason: "link-local-address" });
}

function basic(username: string, password: string): string | null {
  if (username === "" && password === "") return null;
  return `Basic ${Buffer.from(`${decode(username)}:${decode(password)}`).toString("base64")}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A per cent sign that stands for itself.
    return text;
  }
}
