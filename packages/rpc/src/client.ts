import { withSignal } from "@deskside/base";
import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/message-port";
import type { AnyContractRouter, ContractRouterClient } from "@orpc/contract";
import { guardIterator, isStream } from "./guarded-iterator.ts";
import { createPeerWatch } from "./peer-watch.ts";
import type { PortLike } from "./port-like.ts";
import { translateError } from "./translate-error.ts";
import { peerGone } from "./wire-errors.ts";

export type ContractClient<C extends AnyContractRouter> = ContractRouterClient<C>;

/**
 * A client of a contract over a port. Three traps of the transport are closed here:
 * a call after the peer died fails at once with PEER_GONE instead of never settling;
 * an abort that nobody asked for is PEER_GONE; an abort that was asked for rejects with `signal.reason`.
 * @param peer name of the other side, for the error
 */
export function createClient<C extends AnyContractRouter>(
  port: PortLike,
  options: { peer: string },
): ContractClient<C> {
  const watch = createPeerWatch(port, options.peer);
  const isClosed = () => watch.gone;
  const link = new RPCLink({
    port: adaptPort(port),
    interceptors: [
      async ({ next, signal }) => {
        signal?.throwIfAborted();
        if (watch.gone) throw peerGone(options.peer);
        try {
          const output = await withSignal(watch.guard(next()), signal);
          return isStream(output) ? guardIterator(output, { signal, isClosed, peer: options.peer }) : output;
        } catch (error) {
          throw translateError(error, { signal, closed: watch.gone, peer: options.peer });
        }
      },
    ],
  });
  return createORPCClient(link);
}

/** The form of port that the library knows: Node's `on`. */
export function adaptPort(port: PortLike) {
  return {
    postMessage: (data: unknown) => port.postMessage(data),
    on(event: string, listener: (event?: { data: unknown }) => void) {
      if (event === "close") port.onClose(() => listener());
      else port.onMessage((data) => listener({ data }));
    },
  };
}
