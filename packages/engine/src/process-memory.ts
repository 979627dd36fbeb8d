import { readFile } from "node:fs/promises";

export interface ProcessMemory {
  residentBytes: number;
  anonymousBytes: number | null;
  fileBytes: number | null;
  /** Highest resident set since the start. */
  peakBytes: number | null;
}

/**
 * Memory of this process. Weights that are mapped from the file count as `fileBytes`: the system may drop and read
 * them again, so they are told apart from what is really taken.
 */
export async function readProcessMemory(): Promise<ProcessMemory> {
  const fallback = { residentBytes: process.memoryUsage.rss(), anonymousBytes: null, fileBytes: null, peakBytes: null };
  if (process.platform !== "linux") return fallback;
  const status = await readFile("/proc/self/status", "utf8").catch(() => null);
  const kilobytes = (name: string) => {
    const found = status?.match(new RegExp(`^${name}:\\s+(\\d+) kB`, "m"))?.[1];
    return found === undefined ? null : Number(found) * 1024;
  };
  return {
    residentBytes: kilobytes("VmRSS") ?? fallback.residentBytes,
    anonymousBytes: kilobytes("RssAnon"),
    fileBytes: kilobytes("RssFile"),
    peakBytes: kilobytes("VmHWM"),
  };
}
