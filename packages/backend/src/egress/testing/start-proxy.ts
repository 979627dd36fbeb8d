import { createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

export interface ProxyOptions {
  /** `name:password` that it wants. */
  readonly login?: string;
  /** Status it refuses a host with; null = it connects. */
  readonly refuse?: (host: string) => number | null;
  /** Ports on this computer behind the names that only the proxy can resolve. */
  readonly hosts: Readonly<Record<string, number>>;
}

export interface TestProxy extends AsyncDisposable {
  readonly port: number;
  /** `CONNECT host:port` or `GET http://…`, in order. */
  readonly asked: string[];
  /** What came with each of them. */
  readonly headers: NodeJS.Dict<string | string[]>[];
  /** Bytes that went from clients into tunnels. */
  readonly tunnelled: Buffer[];
}

/** A real HTTP proxy on loopback: tunnels, and plain requests in absolute form. */
export async function startProxy(options: ProxyOptions): Promise<TestProxy> {
  const asked: string[] = [];
  const headers: TestProxy["headers"] = [];
  const tunnelled: Buffer[] = [];
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
  };
  const statusFor = (request: IncomingMessage, host: string): number => {
    asked.push(`${request.method} ${request.url}`);
    headers.push(request.headers);
    const wanted = options.login && `Basic ${Buffer.from(options.login).toString("base64")}`;
    if (wanted !== undefined && request.headers["proxy-authorization"] !== wanted) return 407;
    return options.refuse?.(host) ?? (options.hosts[host] === undefined ? 502 : 200);
  };
  const server = createServer((request, response) => forward(request, response, statusFor, options.hosts));
  server.on("connection", keep);
  server.on("connect", (request: IncomingMessage, client: Socket) => {
    const host = (request.url ?? "").replace(/:\d+$/, "");
    const status = statusFor(request, host);
    if (status !== 200) return void client.end(`HTTP/1.1 ${status} Refused\r\nContent-Length: 0\r\n\r\n`);
    const there = connect({ host: "127.0.0.1", port: options.hosts[host] ?? 0 }, () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      client.on("data", (bytes: Buffer) => tunnelled.push(bytes)).pipe(there);
      there.pipe(client);
    });
    keep(there);
    there.on("close", () => client.destroy());
    client.on("close", () => there.destroy());
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  return {
    ...{ port: (server.address() as AddressInfo).port, asked, headers, tunnelled },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function forward(
  request: IncomingMessage,
  response: ServerResponse,
  statusFor: (request: IncomingMessage, host: string) => number,
  hosts: ProxyOptions["hosts"],
): void {
  const url = URL.parse(request.url ?? "");
  const status = url ? statusFor(request, url.hostname) : 400;
  if (!url || status !== 200) return void response.writeHead(status).end();
  const { "proxy-authorization": _, ...headers } = request.headers;
  const target = { host: "127.0.0.1", port: hosts[url.hostname], path: `${url.pathname}${url.search}` };
  const sent = httpRequest({ ...target, method: request.method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  sent.on("error", () => response.destroy());
  request.pipe(sent);
}
