import { readFile } from "node:fs/promises";
import { freemem, totalmem } from "node:os";
import { readMemoryLimit } from "./read-machine.ts";

export interface ResidentMemory {
  readonly residentBytes: number;
  readonly anonymousBytes: number;
  readonly fileBytes: number;
}

export interface MemorySampler {
  /** Of the machine, or of the container where that is less. Bytes. */
  totals(): Promise<{ totalBytes: number; usedBytes: number }>;
  /** Of single processes; null where the system does not say or the process is gone. */
  resident(pids: readonly number[]): Promise<(ResidentMemory | null)[]>;
}

export function createMemorySampler(): MemorySampler {
  return {
    async totals() {
      const limit = await readMemoryLimit();
      const available = parseAvailable(await readFile("/proc/meminfo", "utf8").catch(() => "")) ?? freemem();
      const totalBytes = Math.min(totalmem(), limit ?? Number.POSITIVE_INFINITY);
      return { totalBytes, usedBytes: Math.max(0, Math.min(totalBytes, totalmem() - available)) };
    },
    resident: (pids) =>
      Promise.all(
        pids.map(async (pid) => parseResident(await readFile(`/proc/${pid}/status`, "utf8").catch(() => ""))),
      ),
  };
}

export function parseAvailable(meminfo: string): number | undefined {
  const kilobytes = meminfo.match(/^MemAvailable:\s+(\d+) kB/m)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

/** From /proc/<pid>/status. */
export function parseResident(status: string): ResidentMemory | null {
  const bytes = (name: string) => {
    const kilobytes = status.match(new RegExp(`^${name}:\\s+(\\d+) kB`, "m"))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  };
  const residentBytes = bytes("VmRSS");
  if (residentBytes === undefined) return null;
  return { residentBytes, anonymousBytes: bytes("RssAnon") ?? 0, fileBytes: bytes("RssFile") ?? 0 };
}
