import { readdirSync, readFileSync } from "node:fs";

/** Resident MiB at one moment. */
export interface MemorySample {
  /** The backend's process: the server with its index. */
  readonly backend: number;
  /** Each process that reads documents at that moment. */
  readonly parsers: readonly number[];
}

/** Of a server of the product and its parser processes. Linux only; see proc(5). */
export function sampleMemory(serverPid: number): MemorySample {
  const children = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && parentOf(name) === serverPid);
  const parsers = children.filter((pid) => read(`/proc/${pid}/cmdline`).includes("parser.js"));
  return {
    backend: residentMiB(String(serverPid)) ?? Number.NaN,
    parsers: parsers.flatMap((pid) => residentMiB(pid) ?? []),
  };
}

function parentOf(pid: string): number {
  const stat = read(`/proc/${pid}/stat`);
  // The name in parentheses may hold anything; the parent is the second field after it.
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}

function residentMiB(pid: string): number | null {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1];
  return kib === undefined ? null : Number(kib) / 1024;
}

/** Empty when the process ended meanwhile. */
function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
