import { lookup } from "node:dns/promises";
import { deskError } from "@deskside/contract";
import { withSignal, withTimeout } from "@deskside/base";

/** All addresses of a name. Rejects when there are none. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** As the system resolves names: hosts file, name servers, in its order. */
export const resolveWithSystem: Resolve = async (host) =>
  (await lookup(host, { all: true, order: "verbatim" })).map(({ address }) => address);

/** Throws EGRESS_BLOCKED (`unresolved`), or the signal's reason. The system's question cannot be taken back; its answer is dropped. */
export async function resolveHost(
  resolve: Resolve,
  host: string,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<readonly string[]> {
  const unresolved = (cause?: unknown) => deskError("EGRESS_BLOCKED", { host, reason: "unresolved" }, { cause });
  let addresses: readonly string[];
  try {
    addresses = await withSignal(
      withTimeout(resolve(host), timeoutMs, () => new Error("no answer in time")),
      signal,
    );
  } catch (error) {
    signal.throwIfAborted();
    throw unresolved(error);
  }
  if (addresses.length === 0) throw unresolved();
  return addresses;
}
