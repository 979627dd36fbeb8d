import { WebSocket } from "ws";

/** A socket to a Deskside process on this computer. The token goes into a header, never into the address. */
export function connectLoopback(url: string, token: string): WebSocket {
  const { hostname } = new URL(url);
  if (!["127.0.0.1", "localhost", "[::1]"].includes(hostname)) throw new TypeError("not a loopback address");
  const socket = new WebSocket(url, { headers: { authorization: `Bearer ${token}` }, maxPayload: 64 * 2 ** 20 });
  // Without a listener a refused connection would end the process; callers see it by "open" not coming.
  socket.on("error", () => undefined);
  return socket;
}
