import childProcess from "node:child_process";
import dgram from "node:dgram";
import dns from "node:dns";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";

/**
 * A document must not make its reader talk to anybody: connections, look-ups and programs throw in this process from
 * here on, whatever library asks for them.
 */
export function shutWaysOut(): void {
  const refuse = (): never => {
    throw new Error("a reader of documents has no network and starts nothing");
  };
  net.Socket.prototype.connect = refuse;
  dgram.createSocket = refuse;
  for (const name of ["lookup", "resolve", "resolve4", "resolve6", "resolveAny"] as const)
    Object.assign(dns, { [name]: refuse });
  Object.assign(dns.promises, { lookup: refuse, resolve: refuse });
  for (const name of ["spawn", "spawnSync", "exec", "execSync", "execFile", "execFileSync", "fork"] as const)
    Object.assign(childProcess, { [name]: refuse });
  Object.assign(globalThis, { fetch: refuse, WebSocket: refuse, EventSource: refuse });
  syncBuiltinESMExports();
}
