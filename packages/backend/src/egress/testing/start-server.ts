import { createServer, type RequestListener } from "node:http";
import type { AddressInfo, Socket } from "node:net";

export interface TestServer extends AsyncDisposable {
  readonly port: number;
  readonly origin: string;
  /** What was asked, in order: method, path and headers. */
  readonly requests: { method: string; path: string; headers: NodeJS.Dict<string | string[]> }[];
  /** Connections that are open now. */
  readonly sockets: ReadonlySet<Socket>;
}

/** A real server on loopback. */
export async function startServer(listener: RequestListener): Promise<TestServer> {
  const requests: TestServer["requests"] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    requests.push({ method: request.method ?? "", path: request.url ?? "", headers: request.headers });
    response.on("error", () => undefined);
    listener(request, response);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...{ port, origin: `http://127.0.0.1:${port}`, requests, sockets },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
