import type { Socket } from "node:net";

/** For naming in the shield what the operating system shows as an address. */
export interface OpenConnection {
  readonly address: string;
  readonly port: number;
  readonly host: string;
}

export interface OpenConnections {
  /** Until the socket closes. Before it is connected, each checked address may be the one. */
  add(socket: Socket, host: string, port: number, addresses: readonly string[]): void;
  list(): OpenConnection[];
}

export function createOpenConnections(): OpenConnections {
  const open = new Map<Socket, readonly OpenConnection[]>();
  return {
    add(socket, host, port, addresses) {
      if (socket.destroyed) return;
      open.set(
        socket,
        addresses.map((address) => ({ address, port, host })),
      );
      socket.once("connect", () => {
        const address = socket.remoteAddress;
        if (address !== undefined && open.has(socket)) open.set(socket, [{ address, port, host }]);
      });
      socket.once("close", () => open.delete(socket));
    },
    list: () => [...open.values()].flat(),
  };
}
