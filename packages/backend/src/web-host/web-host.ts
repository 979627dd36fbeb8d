import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { deskError } from "@deskside/contract";
import { type PortLike, portFromWebSocket, type WebSocketShape } from "@deskside/rpc";
import { WebSocketServer } from "ws";
import { type Access, isAuthorized, isHostAllowed, isOriginAllowed, isToken } from "./access.ts";
import { listPageFiles, type PageFile } from "./page-files.ts";

export interface WebHostOptions {
  /** 127.0.0.1, localhost or ::1. Anything else throws NOT_LOOPBACK. */
  host: string;
  /** 0 = any free one. */
  port: number;
  /** Built interface to serve; null = the contract only, for commands. */
  pageDir: string | null;
  /** Every connection that showed the token. */
  onPort: (port: PortLike) => void;
}

export interface WebHost extends AsyncDisposable {
  /** `http://127.0.0.1:4310`, without the token. */
  readonly address: string;
  readonly token: string;
  /** What a person opens; it hands the token to the browser as a cookie. */
  readonly link: string;
}

/** Largest message from a window, in bytes: a text of 1 MB with every character escaped still fits. */
const largestMessage = 8 * 2 ** 20;
const loopbackHosts = ["127.0.0.1", "localhost", "::1"];

const securityHeaders = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
} as const;

/** Serves the interface and the contract on this computer only. Throws NOT_LOOPBACK, PORT_IN_USE, PORT_DENIED. */
export async function startWebHost(options: WebHostOptions): Promise<WebHost> {
  const { host, port } = options;
  assertLoopback(host);
  const token = randomBytes(32).toString("base64url");
  const files = options.pageDir === null ? new Map<string, PageFile>() : listPageFiles(options.pageDir);
  const access = { hosts: [] as string[], token, cookieName: "" };
  const server = createServer((request, response) => answer(request, response, access, files));
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestMessage });
  server.on("upgrade", (request, socket, head) => {
    if (!mayUpgrade(request, access)) return refuse(socket);
    sockets.handleUpgrade(request, socket, head, (ws) =>
      options.onPort(portFromWebSocket(ws as unknown as WebSocketShape)),
    );
  });
  await listen(server, host, port);
  const bound = (server.address() as AddressInfo).port;
  const shown = host === "::1" ? "[::1]" : host;
  access.hosts.push(...["127.0.0.1", "localhost", "[::1]"].map((name) => `${name}:${bound}`));
  access.cookieName = `deskside-${bound}`;
  const address = `http://${shown}:${bound}`;
  return {
    address,
    token,
    link: `${address}/?token=${token}`,
    async [Symbol.asyncDispose]() {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** For asking before anything else is opened. Throws NOT_LOOPBACK. */
export function assertLoopback(host: string): void {
  if (!loopbackHosts.includes(host)) throw deskError("NOT_LOOPBACK", { host });
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "EADDRINUSE") throw deskError("PORT_IN_USE", { host, port }, { cause: error });
    if (code === "EACCES") throw deskError("PORT_DENIED", { host, port }, { cause: error });
    throw error;
  }
}

function mayUpgrade(request: IncomingMessage, access: Access): boolean {
  const path = request.url?.split("?")[0];
  return (
    path === "/ws" &&
    isHostAllowed(request, access) &&
    isOriginAllowed(request, access) &&
    isAuthorized(request, access)
  );
}

function refuse(socket: Duplex): void {
  socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  access: Access,
  files: ReadonlyMap<string, PageFile>,
): void {
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
  if (!isHostAllowed(request, access)) return end(response, 403, "This address is not served here.");
  if (request.method !== "GET" && request.method !== "HEAD") return end(response, 405, "Only GET is served here.");
  const url = new URL(request.url ?? "/", "http://localhost");
  const shown = url.searchParams.get("token");
  if (url.pathname === "/" && shown !== null && isToken(shown, access)) return handOverToken(response, access);
  if (!isAuthorized(request, access)) {
    return end(
      response,
      401,
      "Open the address that Deskside printed at its start.\n请打开 Deskside 启动时显示的地址。",
    );
  }
  const file = files.get(url.pathname);
  if (!file) return end(response, 404, "Not found.");
  response.setHeader("Content-Type", file.type);
  response.setHeader("Cache-Control", file.immutable ? "private, max-age=31536000, immutable" : "no-store");
  response.end(request.method === "HEAD" ? undefined : file.read());
}

/** The token leaves the address at once, so that it does not stay in the history. */
function handOverToken(response: ServerResponse, access: Access): void {
  response.setHeader("Set-Cookie", `${access.cookieName}=${access.token}; HttpOnly; SameSite=Strict; Path=/`);
  response.setHeader("Cache-Control", "no-store");
  response.setHeader("Location", "/");
  response.statusCode = 303;
  response.end();
}

function end(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader("Content-Type", "text/plain; charset=utf-8");
  response.end(text);
}
