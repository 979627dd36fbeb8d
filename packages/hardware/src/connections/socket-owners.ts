import { isDenied, type ProcFiles, unlessGone } from "./proc-files.ts";
import type { ProcessStat } from "./process-tree.ts";
import type { Endianness } from "./socket-address.ts";
import {
  hasOnlyLoopback,
  parseSocketTable,
  parseUnixInodes,
  type RemoteSocket,
  type SocketProtocol,
} from "./socket-table.ts";

/** The system did not let us see what a process has open, so nothing can be said. */
export class SocketsHidden extends Error {
  constructor(pid: number) {
    super(`open files of process ${pid} are not readable`);
    this.name = "SocketsHidden";
  }
}

export interface OwnedSocket extends RemoteSocket {
  readonly owner: ProcessStat;
}

/** Processes that share a network, and with it the tables of /proc. */
interface Network {
  readonly pids: number[];
  readonly owners: Map<string, ProcessStat>;
}

/**
 * Sockets of these processes whose other end is another machine; a socket shared by several counts once.
 * Throws SocketsHidden.
 */
export function readOwnedSockets(
  files: ProcFiles,
  processes: readonly ProcessStat[],
  endianness: Endianness,
): OwnedSocket[] {
  const networks = new Map<string, Network>();
  for (const process of processes) {
    const inodes = readSocketInodes(files, process.pid);
    if (inodes === "gone" || inodes.length === 0) continue;
    const name = unlessGone(() => files.readLink(`/proc/${process.pid}/ns/net`), null);
    if (name === null) continue;
    const network = networks.get(name) ?? { pids: [], owners: new Map<string, ProcessStat>() };
    networks.set(name, network);
    network.pids.push(process.pid);
    for (const inode of inodes) if (!network.owners.has(inode)) network.owners.set(inode, process);
  }
  return [...networks.values()].flatMap((network) => readNetwork(files, network, endianness));
}

function readSocketInodes(files: ProcFiles, pid: number): string[] | "gone" {
  try {
    const descriptors = unlessGone(() => files.list(`/proc/${pid}/fd`), null);
    if (descriptors === null) return "gone";
    const inodes: string[] = [];
    for (const descriptor of descriptors) {
      const target = unlessGone(() => files.readLink(`/proc/${pid}/fd/${descriptor}`), "");
      if (target.startsWith("socket:[")) inodes.push(target.slice(8, -1));
    }
    return inodes;
  } catch (error) {
    if (!isDenied(error)) throw error;
    // Browser sandboxes hide their files from everybody. One that lives in a network without any card cannot reach
    // another machine whatever it has open there.
    const devices = unlessGone(() => files.readText(`/proc/${pid}/net/dev`), null);
    if (devices === null) return "gone";
    if (hasOnlyLoopback(devices)) return [];
    throw new SocketsHidden(pid);
  }
}

/** The cheap ones first: to print a TCP table the kernel walks every bucket of its hash, 5 ms on a machine of 24 GB. */
const tables: readonly { name: string; protocol: SocketProtocol; optional: boolean }[] = [
  { name: "udp", protocol: "udp", optional: false },
  // Missing where version 6 is switched off.
  { name: "udp6", protocol: "udp", optional: true },
  { name: "tcp", protocol: "tcp", optional: false },
  { name: "tcp6", protocol: "tcp", optional: true },
];

function readNetwork(files: ProcFiles, { pids, owners }: Network, endianness: Endianness): OwnedSocket[] {
  const inodes = new Set(owners.keys());
  for (const pid of pids) {
    const sockets = readTables(files, pid, endianness, inodes);
    if (!sockets) continue;
    return sockets.flatMap((socket) => {
      const owner = owners.get(socket.inode);
      return owner ? [{ ...socket, owner }] : [];
    });
  }
  // Every process of this network ended while we looked, and its sockets with it.
  return [];
}

/** Null when the process went away meanwhile. A table is read only while a socket of ours is not yet explained. */
function readTables(
  files: ProcFiles,
  pid: number,
  endianness: Endianness,
  inodes: ReadonlySet<string>,
): RemoteSocket[] | null {
  const unexplained = new Set(inodes);
  const unix = unlessGone(() => files.readText(`/proc/${pid}/net/unix`), null);
  for (const inode of (unix === null ? null : parseUnixInodes(unix)) ?? []) unexplained.delete(inode);
  const sockets: RemoteSocket[] = [];
  for (const { name, protocol, optional } of tables) {
    if (unexplained.size === 0) break;
    const text = unlessGone(() => files.readText(`/proc/${pid}/net/${name}`), null);
    if (text === null && optional) continue;
    if (text === null) return null;
    const found = parseSocketTable(text, protocol, endianness, unexplained);
    if (!found) throw new Error(`/proc/${pid}/net/${name} is not in the known form`);
    for (const inode of found.seen) unexplained.delete(inode);
    sockets.push(...found.remote);
  }
  return sockets;
}
