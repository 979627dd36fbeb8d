import { request as httpRequest } from "node:http";
import type { Socket } from "node:net";
import { createDeferred } from "@deskside/base";
import { deskError } from "@deskside/contract";
import type { PinnedProxy } from "../address/check-addresses.ts";
import type { Connect } from "../http/pinned-connect.ts";
import type { Target } from "../http/target.ts";

export interface TunnelOptions {
  readonly target: Target;
  readonly via: PinnedProxy;
  readonly connect: Connect;
  /** Called as soon as the socket to the proxy exists. */
  readonly onSocket: (socket: Socket) => void;
}

const largestHeaderBytes = 32 * 1024;

/**
 * Asks the proxy for a connection to the target (RFC 9110, 9.3.6). What then goes through is encrypted for the target:
 * the proxy learns its name and port alone. Throws PROXY_AUTH_REQUIRED, PROXY_REFUSED, or an error of the connection;
 * time limits and cancellation are the caller's, by destroying the socket.
 */
export function openTunnel({ target, via, connect, onSocket }: TunnelOptions): Promise<Socket> {
  const { proxy, addresses } = via;
  const { promise, resolve, reject } = createDeferred<Socket>();
  const authority = `${target.host.includes(":") ? `[${target.host}]` : target.host}:${target.port}`;
  const request = httpRequest({
    createConnection() {
      const opened = connect({ host: proxy.host, port: proxy.port, isSecure: proxy.isSecure, addresses });
      onSocket(opened);
      return opened;
    },
    method: "CONNECT",
    path: authority,
    headers: { host: authority, "user-agent": "Deskside", ...proxyHeaders(via) },
    maxHeaderSize: largestHeaderBytes,
  });
  request.on("error", reject);
  request.once("close", () => reject(Object.assign(new Error("the proxy hung up"), { code: "closed-early" })));
  request.once("connect", ({ statusCode = 0 }, socket, head) => {
    const refusal = refusalOf(statusCode, target.host, via);
    if (!refusal && head.length === 0) return resolve(socket);
    socket.destroy();
    // Nobody speaks before the client does: these bytes are not the target's.
    reject(refusal ?? Object.assign(new Error("bytes nobody asked for"), { code: "unexpected-bytes" }));
  });
  request.end();
  return promise;
}

/** Null when the proxy agreed. */
function refusalOf(status: number, host: string, via: PinnedProxy): Error | null {
  if (status >= 200 && status < 300) return null;
  if (status === 407) return authRequired(host, via);
  return deskError("PROXY_REFUSED", { proxy: via.proxy.name, host, status });
}

export function authRequired(host: string, { proxy }: PinnedProxy): Error {
  return deskError("PROXY_AUTH_REQUIRED", { proxy: proxy.name, host, sent: proxy.authorization !== null });
}

/** For the proxy alone: never for what goes through a tunnel. */
export function proxyHeaders({ proxy }: PinnedProxy): Record<string, string> {
  return proxy.authorization === null ? {} : { "proxy-authorization": proxy.authorization };
}
