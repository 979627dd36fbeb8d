import { isInNetwork, parseIpAddress, parseNetwork } from "../address/ip-address.ts";
import { canonicalHost } from "../egress-policy.ts";

/**
 * Whether NO_PROXY names this host: entries divided by comma or space; `*` is every host, a name is itself and all below
 * it (`.name` and `*.name` too), addresses and networks (`10.0.0.0/8`) match addresses that stand in the URL. A port
 * limits an entry to it. Names are not resolved for this, as in curl and Go.
 */
export function isExempt({ host, port }: { host: string; port: number }, noProxy: string): boolean {
  return noProxy
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => entry === "*" || matches(entry, host, port));
}

function matches(entry: string, host: string, port: number): boolean {
  if (entry.includes("/")) return isInside(entry, host);
  const [, bracketed, name, wantedPort] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(entry) ?? [];
  if (wantedPort !== undefined && Number(wantedPort) !== port) return false;
  // An IPv6 address may stand there without brackets.
  const text = bracketed ?? name ?? entry;
  const wanted = canonicalHost(text.replace(/^\*?\./, ""));
  if (wanted === null) return false;
  return host === wanted || (parseIpAddress(wanted) === null && host.endsWith(`.${wanted}`));
}

function isInside(network: string, host: string): boolean {
  const address = parseIpAddress(host);
  const [base = "", bits = ""] = network.split("/");
  const length = parseIpAddress(base)?.length;
  if (!address || length === undefined || !/^\d{1,3}$/.test(bits) || Number(bits) > length * 8) return false;
  return isInNetwork(address, parseNetwork(network));
}
