import type { EgressAttempt } from "./egress-ledger.ts";

/** A host as the user or a hub's settings name it. Without `port`: any port. */
export interface HostRule {
  readonly host: string;
  readonly port?: number;
}

/** A host that the user configured and that may therefore have a private or loopback address. */
export interface ConfiguredHost extends HostRule {
  /** Where else, at private addresses, it may redirect to. Itself is always included. */
  readonly redirectsTo?: readonly HostRule[];
}

export type EgressDecision = "allow" | { readonly blocked: string };

/** Decides before a name is resolved, again for every redirect. */
export interface EgressPolicy {
  /**
   * `blocked` is written to the outbound record as the reason.
   * @param redirectedFrom the host that sent the request here, itself let through before; null = nobody did
   */
  decide(attempt: EgressAttempt, redirectedFrom?: string | null): EgressDecision;
  /** Asked for every request: the user may change it at any time. */
  configuredHosts(): readonly ConfiguredHost[];
}

export interface PurposeRule {
  readonly purpose: string;
  /** Parts of Deskside that may; default: any. */
  readonly callers?: readonly string[];
  /** Hosts that may be reached for it; `"any"`: those a redirect or the user names. */
  readonly hosts: readonly HostRule[] | "any";
}

/** Allows what a rule names and nothing else. Without rules nothing ever leaves. */
export function createPurposePolicy(
  options: { readonly rules?: readonly PurposeRule[]; readonly configuredHosts?: () => readonly ConfiguredHost[] } = {},
): EgressPolicy {
  const { rules = [], configuredHosts = () => [] } = options;
  return {
    configuredHosts,
    decide({ host, port, purpose, caller }) {
      const forPurpose = rules.filter((rule) => rule.purpose === purpose);
      if (forPurpose.length === 0) return { blocked: `nothing may leave for "${purpose}"` };
      const forCaller = forPurpose.filter(({ callers }) => callers === undefined || callers.includes(caller));
      if (forCaller.length === 0) return { blocked: `"${caller}" may not send for "${purpose}"` };
      const allowed = forCaller.some(({ hosts }) => hosts === "any" || matchesAny({ host, port }, hosts));
      return allowed ? "allow" : { blocked: `this host is not allowed for "${purpose}"` };
    },
  };
}

export function matchesAny(target: { host: string; port: number }, rules: readonly HostRule[]): boolean {
  return rules.some((rule) => canonicalHost(rule.host) === target.host && (rule.port ?? target.port) === target.port);
}

/**
 * One spelling for a host: as a URL has it (lower case, Punycode, plain IPv4, RFC 5952 for IPv6) without brackets and
 * without the dot at the end. Null when it is none.
 */
export function canonicalHost(host: string): string | null {
  const inUrl = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  const url = URL.parse(`http://${inUrl}/`);
  if (!url || url.username !== "" || url.password !== "" || url.port !== "" || url.pathname !== "/") return null;
  return url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "") || null;
}
