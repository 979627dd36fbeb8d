import { fromWireError, peerGone } from "./wire-errors.ts";

/** What a failed call means to the caller: own abort → `signal.reason`, any other abort → PEER_GONE, else the peer's error. */
export function translateError(
  error: unknown,
  context: { signal: AbortSignal | undefined; closed: boolean; peer: string },
): unknown {
  if (context.signal?.aborted) return context.signal.reason;
  if (context.closed || (error instanceof Error && error.name === "AbortError")) return peerGone(context.peer);
  return fromWireError(error);
}
