import type { PortLike } from "./port-like.ts";
import { peerGone } from "./wire-errors.ts";

export interface PeerWatch {
  readonly gone: boolean;
  /** Settles like `work`, or rejects with PEER_GONE as soon as the peer is gone. */
  guard<T>(work: Promise<T>): Promise<T>;
}

/**
 * Ends what waits for a peer when the peer goes. Only what waits is remembered: a race against one long-lived promise
 * would keep the result of every call for as long as the peer lives.
 */
export function createPeerWatch(port: PortLike, peer: string): PeerWatch {
  let gone = false;
  const waiting = new Set<(error: Error) => void>();
  port.onClose(() => {
    gone = true;
    for (const reject of waiting) reject(peerGone(peer));
    waiting.clear();
  });
  return {
    get gone() {
      return gone;
    },
    guard: (work) =>
      new Promise((resolve, reject) => {
        waiting.add(reject);
        work.then(resolve, reject).finally(() => waiting.delete(reject));
      }),
  };
}
