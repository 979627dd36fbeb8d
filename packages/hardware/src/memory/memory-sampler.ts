import { freemem, totalmem } from "node:os";
import { type CgroupReader, createCgroupReader } from "../cgroup/cgroup-limits.ts";
import { type ReadText, readSystemText } from "../read-text.ts";
import { parseMemoryInfo, parseProcessMemory, type ProcessMemory } from "./meminfo.ts";

/** Memory this process lives in: the machine's, or its container's where that is tighter. Bytes. */
export interface MemoryTotals {
  readonly totalBytes: number;
  /** What cannot be had any more: total minus available. */
  readonly usedBytes: number;
}

export interface MemorySampler {
  readTotals(): Promise<MemoryTotals>;
  /** One entry per pid, in order; null for a process that has gone, and on systems that do not show it. */
  readProcesses(pids: readonly number[]): Promise<(ProcessMemory | null)[]>;
}

export interface MemorySource {
  readonly platform: NodeJS.Platform;
  readonly readText: ReadText;
  readonly totalBytes: () => number;
  readonly freeBytes: () => number;
}

const thisMemory: MemorySource = {
  platform: process.platform,
  readText: readSystemText,
  totalBytes: totalmem,
  freeBytes: freemem,
};

/** Cheap enough for once a second: a handful of small files. */
export function createMemorySampler(source: MemorySource = thisMemory): MemorySampler {
  const { platform, readText } = source;
  if (platform !== "linux") {
    return {
      readTotals: async () => totalsOf(source.totalBytes(), source.freeBytes()),
      readProcesses: async (pids) => pids.map(() => null),
    };
  }
  let cgroups: Promise<CgroupReader> | undefined;
  return {
    async readTotals() {
      cgroups ??= createCgroupReader(readText);
      const [meminfo, limits] = await Promise.all([
        readText("/proc/meminfo"),
        cgroups.then((group) => group.memoryLimits()),
      ]);
      const machine = parseMemoryInfo(meminfo ?? "");
      const totalBytes = Math.min(
        machine.totalBytes ?? source.totalBytes(),
        ...limits.map((limit) => limit.limitBytes),
      );
      const available = [
        machine.availableBytes ?? source.freeBytes(),
        ...limits.map((limit) => Math.max(0, limit.limitBytes - limit.usedBytes)),
      ];
      return totalsOf(totalBytes, Math.min(...available));
    },
    readProcesses: (pids) =>
      Promise.all(
        pids.map(async (pid) => {
          const status = await readText(`/proc/${pid}/status`);
          return status === null ? null : parseProcessMemory(status);
        }),
      ),
  };
}

function totalsOf(totalBytes: number, availableBytes: number): MemoryTotals {
  return { totalBytes, usedBytes: Math.max(0, totalBytes - availableBytes) };
}
