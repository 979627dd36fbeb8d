import { readFile } from "node:fs/promises";
import { availableParallelism, cpus, totalmem } from "node:os";

export interface Machine {
  readonly cpu: string;
  /** Cores that have their own arithmetic unit, of those this process may use. */
  readonly physicalCores: number;
  /** Hardware threads this process may use. */
  readonly availableParallelism: number;
  /** What this process may use: the machine's memory or the limit of its container. */
  readonly memoryBytes: number;
}

/** What the machine is, within the limits of a container. Reads files only; takes a few milliseconds. */
export async function readMachine(): Promise<Machine> {
  const [limit, cpuinfo] = await Promise.all([readMemoryLimit(), readText("/proc/cpuinfo")]);
  const logical = Math.max(1, availableParallelism());
  const physical = countPhysicalCores(cpuinfo ?? "") ?? logical;
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    physicalCores: Math.min(physical, logical),
    availableParallelism: logical,
    memoryBytes: Math.min(totalmem(), limit ?? Number.POSITIVE_INFINITY),
  };
}

/** Distinct pairs of socket and core in /proc/cpuinfo; undefined where it does not list them (ARM, other systems). */
export function countPhysicalCores(cpuinfo: string): number | undefined {
  const cores = new Set<string>();
  let socket = "0";
  for (const line of cpuinfo.split("\n")) {
    const [name, value] = line.split(":").map((part) => part.trim());
    if (name === "physical id") socket = value ?? "0";
    if (name === "core id") cores.add(`${socket}/${value}`);
  }
  return cores.size > 0 ? cores.size : undefined;
}

/** Memory limit of the control group in bytes (v2, then v1); undefined without one. */
export async function readMemoryLimit(): Promise<number | undefined> {
  for (const path of ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]) {
    const text = (await readText(path))?.trim();
    if (text === undefined) continue;
    const bytes = Number(text);
    // "max", and v1's "no limit", which is a number near 2^63.
    if (Number.isFinite(bytes) && bytes > 0 && bytes < 2 ** 60) return bytes;
    return undefined;
  }
  return undefined;
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch {
    // Not Linux, or not mounted: the caller has another source.
    return undefined;
  }
}
