import type { Contract } from "@deskside/contract";
import { type ContractClient, createClient, portFromWebSocket, type WebSocketShape } from "@deskside/rpc";

/** One connection to the server that served this page. Rejects when it cannot be made. */
export async function connect(): Promise<{ client: ContractClient<Contract>; closed: Promise<void> }> {
  const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`);
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () => resolve(), { once: true });
    socket.addEventListener("close", () => reject(new Error("The server does not answer")), { once: true });
  });
  const port = portFromWebSocket(socket as unknown as WebSocketShape);
  const closed = new Promise<void>((resolve) => port.onClose(resolve));
  return { client: createClient<Contract>(port, { peer: "server" }), closed };
}
