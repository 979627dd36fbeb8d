import {
  type Endianness,
  isLoopback,
  isUnspecified,
  parseSocketAddress,
  type SocketAddress,
} from "./socket-address.ts";

export type SocketProtocol = "tcp" | "udp";

/** A socket with a peer on another machine. */
export interface RemoteSocket {
  readonly inode: string;
  readonly protocol: SocketProtocol;
  readonly remote: SocketAddress;
}

/** TCP states that have no peer: CLOSE and LISTEN. All others talk, are about to, or owe the peer something. */
const withoutPeer: readonly string[] = ["07", "0A"];

export interface SocketTable {
  /** Sockets of ours whose remote end is another machine. */
  readonly remote: RemoteSocket[];
  /** Inodes of ours that this table holds, whatever they are. */
  readonly seen: string[];
}

/**
 * What `/proc/<pid>/net/{tcp,tcp6,udp,udp6}` says about `inodes`. A UDP socket has a peer once it is connected.
 * Null when the text is not such a table.
 */
export function parseSocketTable(
  table: string,
  protocol: SocketProtocol,
  endianness: Endianness,
  inodes: ReadonlySet<string>,
): SocketTable | null {
  const lines = table.split("\n");
  if (!/^\s*sl\s+local_address\s+(?:rem_address|remote_address)\s/.test(lines[0] ?? "")) return null;
  const found: SocketTable = { remote: [], seen: [] };
  for (let index = 1; index < lines.length; index++) {
    // sl local remote state queues timer retransmits uid timeout inode …
    const [, , remoteText, state, , , , , , inode] = (lines[index] ?? "").trim().split(/\s+/, 10);
    if (remoteText === undefined || state === undefined || inode === undefined || !inodes.has(inode)) continue;
    const remote = parseSocketAddress(remoteText, endianness);
    if (!remote) return null;
    found.seen.push(inode);
    if (isUnspecified(remote.address) || isLoopback(remote.address)) continue;
    if (protocol === "tcp" && withoutPeer.includes(state.toUpperCase())) continue;
    found.remote.push({ inode, protocol, remote });
  }
  return found;
}

/** Inodes of `/proc/<pid>/net/unix`: sockets that never leave the machine. Null when the text is not that table. */
export function parseUnixInodes(table: string): string[] | null {
  const lines = table.split("\n");
  if (!/^Num\s+RefCount\s/.test(lines[0] ?? "")) return null;
  return lines.slice(1).flatMap((line) => line.trim().split(/\s+/, 7)[6] ?? []);
}

/** True when `/proc/<pid>/net/dev` lists no interface but the loopback: nothing leaves such a network namespace. */
export function hasOnlyLoopback(netDev: string): boolean {
  const names = netDev
    .split("\n")
    .slice(2)
    .map((line) => /^\s*([^:\s]+):/.exec(line)?.[1])
    .filter((name) => name !== undefined);
  return netDev.includes("|") && names.every((name) => name === "lo");
}
