import type { Egress } from "../egress/index.ts";
import type { EgressPolicy, HostRule } from "../egress/egress-policy.ts";
import { type FetchTarball, startOfRange } from "./download/fetch-tarball.ts";

export const binaryPurpose = "engine-binaries";
const caller = "engine-binaries";

/** Registries that hand their archives out from another host. */
const redirects: Readonly<Record<string, string>> = { "registry.npmmirror.com": "cdn.npmmirror.com" };

export interface RegistryDoor {
  /** Open until disposed. */
  open(registry: string): Disposable;
  /** The policy with the registry's host let through, for this purpose and only while a fetch runs. */
  guard(policy: EgressPolicy): EgressPolicy;
}

/** Keeps the registry out except while a fetch runs that the user asked for. */
export function createRegistryDoor(): RegistryDoor {
  const open = new Map<symbol, readonly HostRule[]>();
  const hosts = () => [...open.values()].flat();
  return {
    open(registry) {
      const key = Symbol(registry);
      const url = new URL(registry);
      const port = Number(url.port || (url.protocol === "http:" ? 80 : 443));
      const own = { host: url.hostname, port };
      const other = Object.hasOwn(redirects, url.hostname) ? redirects[url.hostname] : undefined;
      open.set(key, other === undefined ? [own] : [own, { host: other, port: 443 }]);
      return { [Symbol.dispose]: () => void open.delete(key) };
    },
    guard: (policy) => ({
      decide(attempt, redirectedFrom) {
        if (attempt.purpose !== binaryPurpose || attempt.caller !== caller)
          return policy.decide(attempt, redirectedFrom);
        const isOpen = hosts().some((rule) => rule.host === attempt.host && rule.port === attempt.port);
        return isOpen ? "allow" : { blocked: "no engine package is being fetched from this host" };
      },
      // A registry in the user's own network has a private address; it was named by the user.
      configuredHosts: () => [...policy.configuredHosts(), ...hosts()],
    }),
  };
}

/** Through the app's one way out, recorded. */
export function createEgressFetch(egress: Egress): FetchTarball {
  return async ({ url, fromByte, maxBytes, signal }) => {
    const response = await egress.request({
      ...{ url, signal, purpose: binaryPurpose, caller },
      headers: fromByte > 0 ? { Range: `bytes=${fromByte}-` } : {},
      totalTimeoutMs: Number.POSITIVE_INFINITY,
      // Whoever ignores the range sends the whole file.
      maxResponseBytes: maxBytes + fromByte,
    });
    return {
      status: response.status,
      startsAt: startOfRange(response.status, response.headers["content-range"]),
      body: response.body,
      [Symbol.dispose]: () => response[Symbol.dispose](),
    };
  };
}
