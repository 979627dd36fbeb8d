import { canonicalHost, type ConfiguredHost, type EgressPolicy } from "../../../egress/egress-policy.ts";

export const serverCaller = "knowledge";
export const serverPurpose = "team-documents";

/** Lets the team's database through while it is set or tried, and nothing else. */
export interface ServerDoor {
  /** Until disposed. The host was named by the user and may be in the own network. */
  open(host: string, port: number): Disposable;
  guard(policy: EgressPolicy): EgressPolicy;
}

export function createServerDoor(): ServerDoor {
  const open = new Map<symbol, ConfiguredHost>();
  const hosts = () => [...open.values()];
  return {
    open(host, port) {
      const key = Symbol("server");
      open.set(key, { host: canonicalHost(host) ?? host, port });
      return { [Symbol.dispose]: () => void open.delete(key) };
    },
    guard: (policy) => ({
      decide(attempt, redirectedFrom = null) {
        if (attempt.purpose !== serverPurpose || attempt.caller !== serverCaller)
          return policy.decide(attempt, redirectedFrom);
        const isOpen = hosts().some(({ host, port }) => host === attempt.host && port === attempt.port);
        return isOpen ? "allow" : { blocked: "this host is not the team's database" };
      },
      configuredHosts: () => [...policy.configuredHosts(), ...hosts()],
    }),
  };
}
