import type { ConfiguredHost, EgressPolicy, HostRule } from "../../egress/egress-policy.ts";

export const hubCaller = "library";
const purposes: readonly string[] = ["hub", "model-download"];

/** Hubs everybody uses: in the internet, and nowhere else. One that answers from a private address is an impostor. */
const publicHubs = new Set(["huggingface.co", "hf-mirror.com", "modelscope.cn", "www.modelscope.cn"]);

export interface HubDoor {
  /**
   * Lets requests to these addresses through until disposed, and where they redirect to. An address that is no public
   * hub was named by the user and may be a private one; it may send on to any port of the same host.
   * @param redirectsTo hosts at private addresses that such a hub may send on to
   */
  open(addresses: readonly string[], redirectsTo?: readonly HostRule[]): Disposable;
  guard(policy: EgressPolicy): EgressPolicy;
}

/** Keeps hubs out except while something runs that the user asked for. */
export function createHubDoor(): HubDoor {
  const open = new Map<symbol, readonly ConfiguredHost[]>();
  const hosts = () => [...open.values()].flat();
  return {
    open(addresses, redirectsTo = []) {
      const key = Symbol("hubs");
      open.set(
        key,
        addresses.flatMap((address) => ruleOf(address, redirectsTo)),
      );
      return { [Symbol.dispose]: () => void open.delete(key) };
    },
    guard: (policy) => ({
      decide(attempt, redirectedFrom = null) {
        if (!purposes.includes(attempt.purpose) || attempt.caller !== hubCaller)
          return policy.decide(attempt, redirectedFrom);
        const isOpen = hosts().some(({ host, port }) => host === attempt.host && port === attempt.port);
        // A chain begins at a hub and goes where that sends it: its files lie at hosts nobody can list beforehand.
        const isSentOn = redirectedFrom !== null && open.size > 0;
        return isOpen || isSentOn ? "allow" : { blocked: "nothing is being asked or fetched from this host" };
      },
      configuredHosts: () => [...policy.configuredHosts(), ...hosts().filter(({ host }) => !publicHubs.has(host))],
    }),
  };
}

function ruleOf(address: string, redirectsTo: readonly HostRule[]): ConfiguredHost[] {
  const url = URL.parse(address);
  if (url?.protocol !== "https:" && url?.protocol !== "http:") return [];
  const port = Number(url.port || (url.protocol === "http:" ? 80 : 443));
  const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  // The user trusts that computer: its files may lie behind another of its ports.
  return [{ host, port, redirectsTo: [{ host }, ...redirectsTo] }];
}
