import type { Socket } from "node:net";
import { deskError } from "@deskside/contract";
import type { Reached } from "../address/check-addresses.ts";
import { openTunnel } from "../proxy/open-tunnel.ts";
import type { Connect } from "./pinned-connect.ts";

/** How a target is connected, once. */
export interface Way {
  /**
   * A connection that speaks to the target: straight, or through a proxy; encrypted up to the target when its URL says
   * so. Throws what openTunnel throws, or an error of the connection.
   */
  open(): Promise<Socket>;
  /** The socket to the other machine; undefined before there is one. */
  readonly socket: () => Socket | undefined;
  /** What went wrong by now: until a proxy has done its part, it is the one that failed. */
  failure(detail: string, cause?: unknown): Error;
}

/** @param onSocket a socket to another machine exists; it is not connected yet */
export function createWay(reached: Reached, connect: Connect, onSocket: (socket: Socket) => void): Way {
  const { target, addresses, via } = reached;
  const { host, port, isSecure } = target;
  let socket: Socket | undefined;
  let isAtProxy = via !== null;
  const note = (opened: Socket) => {
    socket = opened;
    onSocket(opened);
  };

  async function open(): Promise<Socket> {
    if (via && isSecure) {
      const through = await openTunnel({ target, via, connect, onSocket: note });
      isAtProxy = false;
      return await connected(connect({ host, port, isSecure, addresses, through }), true);
    }
    const first = via ? { ...via.proxy, addresses: via.addresses } : { host, port, isSecure, addresses };
    const { host: name, port: at, isSecure: isEncrypted, addresses: checked } = first;
    const opened = connect({ host: name, port: at, isSecure: isEncrypted, addresses: checked });
    note(opened);
    await connected(opened, isEncrypted);
    isAtProxy = false;
    return opened;
  }

  return {
    open,
    socket: () => socket,
    failure: (detail, cause) =>
      via && isAtProxy
        ? deskError("PROXY_UNREACHABLE", { proxy: via.proxy.name, host, detail }, { cause })
        : deskError("EGRESS_FAILED", { host, detail }, { cause }),
  };
}

function connected(socket: Socket, isSecure: boolean): Promise<Socket> {
  return new Promise((resolve, reject) => {
    // It stays: between two owners nobody else listens.
    socket.on("error", reject);
    socket.once("close", () => reject(Object.assign(new Error("closed"), { code: "closed-early" })));
    socket.once(isSecure ? "secureConnect" : "connect", () => resolve(socket));
  });
}
