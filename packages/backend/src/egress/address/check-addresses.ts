import { deskError } from "@deskside/contract";
import { classifyAddress } from "./address-rules.ts";
import { type ConfiguredHost, matchesAny } from "../egress-policy.ts";
import type { Target } from "../http/target.ts";
import type { Proxy } from "../proxy/choose-proxy.ts";

/** A proxy and its checked addresses. */
export interface PinnedProxy {
  readonly proxy: Proxy;
  readonly addresses: readonly string[];
}

/** A hop whose addresses were checked. */
export interface Reached {
  readonly target: Target;
  /** Empty when a proxy resolves the name. */
  readonly addresses: readonly string[];
  /** The entry that allowed private addresses; null = a host in the internet. */
  readonly configured: ConfiguredHost | null;
  /** Null = straight there. */
  readonly via: PinnedProxy | null;
}

/**
 * Every address of a target must be allowed, not just the one that would be taken. A private one needs a host that the
 * user configured, and is never reached by a redirect from the internet. Throws EGRESS_BLOCKED.
 */
export function checkAddresses(
  target: Target,
  addresses: readonly string[],
  configuredHosts: readonly ConfiguredHost[],
  previous: Reached | null,
): Reached {
  const classes = addresses.map(classifyAddress);
  const blocked = (reason: "link-local-address" | "private-address") =>
    deskError("EGRESS_BLOCKED", { host: target.host, reason });
  if (classes.includes("link-local")) throw blocked("link-local-address");
  if (classes.includes("reserved")) throw blocked("private-address");
  if (!classes.includes("private")) return { target, addresses, configured: null, via: null };
  const configured = findConfigured(target, configuredHosts, previous);
  if (!configured) throw blocked("private-address");
  return { target, addresses, configured, via: null };
}

/** The entry of a host that may be private here; for a redirect only what the host before it may send on to. */
export function findConfigured(
  target: Target,
  configuredHosts: readonly ConfiguredHost[],
  previous: Reached | null,
): ConfiguredHost | null {
  if (!previous) return configuredHosts.find((host) => matchesAny(target, [host])) ?? null;
  const { configured } = previous;
  if (!configured) return null;
  return matchesAny(target, [configured, ...(configured.redirectsTo ?? [])]) ? configured : null;
}
