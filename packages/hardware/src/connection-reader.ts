import { readdir, readFile, readlink } from "node:fs/promises";
import { endianness } from "node:os";
import type { ConnectionReading } from "@deskside/contract";
import { isOutbound, parseSocketTable } from "./socket-table.ts";

type Connection = Extract<ConnectionReading, { known: true }>["connections"][number];

export interface ConnectionReader {
  /** What is open right now. Never throws: what cannot be read is `known: false`, with the reason. */
  read(): Promise<ConnectionReading>;
}

/**
 * The shield: which sockets to other machines the given processes and their children hold, read from the operating
 * system. Only Linux shows that to a program without extra rights.
 */
export function createConnectionReader(options: {
  rootPids: () => number[];
  includeDescendants: boolean;
  platform?: NodeJS.Platform;
}): ConnectionReader {
  const platform = options.platform ?? process.platform;
  return {
    async read() {
      const at = Date.now();
      if (platform !== "linux") return { known: false, at, reason: "unsupported-system" };
      try {
        const roots = options.rootPids();
        const pids = options.includeDescendants ? await withDescendants(roots) : roots;
        const found = await Promise.all(pids.map(connectionsOf));
        return { known: true, at, connections: found.flat(), processes: pids.length };
      } catch (error) {
        const code = error instanceof Error && "code" in error ? error.code : "";
        return { known: false, at, reason: code === "EACCES" || code === "EPERM" ? "no-permission" : "failed" };
      }
    },
  };
}

async function withDescendants(roots: readonly number[]): Promise<number[]> {
  const children = new Map<number, number[]>();
  const entries = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  await Promise.all(
    entries.map(async (pid) => {
      const stat = await ifThere(readFile(`/proc/${pid}/stat`, "utf8"));
      // The name in parentheses may hold anything; the fields after the last one are fixed.
      const parent = Number(stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
      if (Number.isInteger(parent)) children.set(parent, [...(children.get(parent) ?? []), pid]);
    }),
  );
  const tree: number[] = [];
  for (const queue = [...roots]; queue.length > 0; ) {
    const pid = queue.pop() as number;
    if (tree.includes(pid)) continue;
    tree.push(pid);
    queue.push(...(children.get(pid) ?? []));
  }
  return tree;
}

async function connectionsOf(pid: number): Promise<Connection[]> {
  const inodes = await socketInodes(pid);
  if (inodes.size === 0) return [];
  const name = (await ifThere(readFile(`/proc/${pid}/comm`, "utf8")))?.trim() ?? "";
  const found: Connection[] = [];
  for (const table of ["tcp", "tcp6", "udp", "udp6"]) {
    const text = await ifThere(readFile(`/proc/${pid}/net/${table}`, "utf8"));
    if (text === undefined) continue;
    const protocol = table.startsWith("tcp") ? "tcp" : "udp";
    for (const row of parseSocketTable(text, endianness() === "LE")) {
      if (!inodes.has(row.inode) || !isOutbound(row, protocol)) continue;
      const { remoteAddress, remotePort } = row;
      found.push({ pid, process: name, protocol, remoteAddress, remotePort, host: null });
    }
  }
  return found;
}

async function socketInodes(pid: number): Promise<Set<string>> {
  const names = (await ifThere(readdir(`/proc/${pid}/fd`))) ?? [];
  const links = await Promise.all(names.map((name) => ifThere(readlink(`/proc/${pid}/fd/${name}`))));
  return new Set(links.flatMap((link) => link?.match(/^socket:\[(\d+)\]$/)?.[1] ?? []));
}

/** A process may end, and a file be closed, while it is read: that is nothing, any other failure is one. */
async function ifThere<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "ENOENT" || code === "ESRCH" || code === "EINVAL") return undefined;
    throw error;
  }
}
