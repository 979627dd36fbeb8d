import { isDesksideError } from "@deskside/base";
import { deskError } from "@deskside/contract";
import { isIP } from "node:net";
import { checkAddresses, findConfigured, type Reached } from "../address/check-addresses.ts";
import { isInNetwork, parseIpAddress, parseNetwork } from "../address/ip-address.ts";
import { type Resolve, resolveHost } from "../address/resolve-host.ts";
import type { ConfiguredHost } from "../egress-policy.ts";
import type { Target } from "../http/target.ts";
import { type Proxy, refuseNobody } from "./choose-proxy.ts";

export interface ReachOptions {
  readonly resolve: Resolve;
  readonly configuredHosts: readonly ConfiguredHost[];
  readonly previous: Reached | null;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** How long the name of a redirect is looked up here, where often nobody answers for names outside. */
const lookupMs = 2000;

/**
 * Pins the proxy's address and decides about the target as far as it can be told from here: the proxy resolves its name.
 * An address in the URL obeys the rules for addresses. The name of the first host was chosen by the user or is that of a
 * public hub; one that a server chose by a redirect must not lead to a private address, where this computer can tell.
 * Throws EGRESS_BLOCKED, PROXY_UNUSABLE, PROXY_UNREACHABLE or the signal's reason.
 */
export async function reachThroughProxy(target: Target, proxy: Proxy, options: ReachOptions): Promise<Reached> {
  const { configuredHosts, previous } = options;
  if (target.isAddress) {
    const checked = checkAddresses(target, [target.host], configuredHosts, previous);
    return { ...checked, via: await pin(target, proxy, options) };
  }
  const configured = findConfigured(target, configuredHosts, previous);
  if (previous) {
    if (!configured && isLocalName(target.host)) {
      throw deskError("EGRESS_BLOCKED", { host: target.host, reason: "private-address" });
    }
    checkAddresses(target, await lookUp(target.host, options), configuredHosts, previous);
  }
  return { target, addresses: [], configured, via: await pin(target, proxy, options) };
}

async function pin({ host }: Target, proxy: Proxy, { resolve, timeoutMs, signal }: ReachOptions) {
  const addresses = isIP(proxy.host) === 0 ? await resolveProxy() : [proxy.host];
  refuseNobody(proxy.name, addresses);
  return { proxy, addresses };

  async function resolveProxy(): Promise<readonly string[]> {
    try {
      return await resolveHost(resolve, proxy.host, { timeoutMs, signal });
    } catch (error) {
      if (!isDesksideError(error, "EGRESS_BLOCKED")) throw error;
      throw deskError("PROXY_UNREACHABLE", { proxy: proxy.name, host, detail: "unresolved" }, { cause: error });
    }
  }
}

/** Without an answer there is nothing to judge by. */
async function lookUp(host: string, { resolve, timeoutMs, signal }: ReachOptions): Promise<readonly string[]> {
  try {
    const found = await resolveHost(resolve, host, { timeoutMs: Math.min(timeoutMs, lookupMs), signal });
    return found.filter((address) => !isPlaceholder(address));
  } catch (error) {
    if (isDesksideError(error, "EGRESS_BLOCKED")) return [];
    throw error;
  }
}

/** Local proxy programs answer every name with one of these (RFC 2544) and sort the connections out themselves. */
const placeholders = parseNetwork("198.18.0.0/15");

function isPlaceholder(text: string): boolean {
  const address = parseIpAddress(text);
  return address !== null && isInNetwork(address, placeholders);
}

/** Names that mean something inside a network only; a proxy there would resolve them. */
function isLocalName(host: string): boolean {
  return !host.includes(".") || /\.(local|localdomain|internal|intranet|lan|corp|home|home\.arpa|private)$/.test(host);
}
