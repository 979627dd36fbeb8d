import { Socket } from "node:net";
import { deskError } from "@deskside/contract";
import { checkAddresses } from "../address/check-addresses.ts";
import { resolveHost, type Resolve } from "../address/resolve-host.ts";
import type { EgressLedger } from "../egress-ledger.ts";
import type { EgressPolicy } from "../egress-policy.ts";
import { openRow } from "../egress-record.ts";
import { pinnedLookup } from "../http/pinned-connect.ts";
import { parseTarget } from "../http/target.ts";
import type { OpenConnections } from "../open-connections.ts";

export interface StreamOptions {
  readonly ledger: EgressLedger;
  readonly policy: EgressPolicy;
  readonly onRecordError: (error: unknown) => void;
  readonly resolve: Resolve;
  readonly open: OpenConnections;
  readonly purpose: string;
  readonly caller: string;
}

/** For the name; the caller has a limit of its own for the whole connection. */
const resolveMs = 10_000;

/**
 * For protocols that are not HTTP, whose clients bring their own encryption: a socket that is not connected yet. Its
 * `connect(port, host)` writes the row of the record, asks the policy, resolves the name and goes to a checked address.
 * Whatever is refused ends it with the error that `request` would throw. Proxies are for HTTP: it goes straight there.
 */
export class CheckedSocket extends Socket {
  readonly #options: StreamOptions;

  constructor(options: StreamOptions) {
    super();
    this.#options = options;
  }

  override connect(port: unknown, host?: unknown): this {
    if (typeof port !== "number" || typeof host !== "string") throw new TypeError("a port and a host are needed");
    this.#reach(port, host).catch((error: Error) => this.destroy(error));
    return this;
  }

  async #reach(port: number, host: string): Promise<void> {
    const { ledger, policy, resolve, open, purpose, caller, onRecordError } = this.#options;
    const row = openRow(ledger, { host, port, proxy: null, purpose, caller }, onRecordError);
    const closing = new AbortController();
    this.once("close", () => closing.abort(new Error("closed")));
    try {
      const target = parseTarget(`https://${host.includes(":") ? `[${host}]` : host}:${port}/`);
      const decision = policy.decide({ host: target.host, port, purpose, caller });
      if (decision !== "allow") {
        throw deskError("EGRESS_BLOCKED", { host: target.host, reason: "policy" }, { message: decision.blocked });
      }
      const limits = { timeoutMs: resolveMs, signal: closing.signal };
      const addresses = target.isAddress ? [target.host] : await resolveHost(resolve, target.host, limits);
      checkAddresses(target, addresses, policy.configuredHosts(), null);
      // `close` is told a moment after; a destroyed socket that connects would come to life again.
      if (this.destroyed) closing.abort(new Error("closed"));
      closing.signal.throwIfAborted();
      row.use(this);
      open.add(this, target.host, port, addresses);
      const failed = { reason: null as string | null };
      this.once("error", (error) => (failed.reason = codeOf(error)));
      this.once("close", () => row.finish(failed.reason === null ? "ok" : "failed", failed.reason));
      super.connect({ host: target.host, port, lookup: pinnedLookup(addresses), autoSelectFamily: true });
    } catch (error) {
      row.fail(error, closing.signal);
      throw error;
    }
  }
}

function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : "failed";
}
