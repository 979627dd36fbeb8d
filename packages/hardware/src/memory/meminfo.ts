/** Bytes of `/proc/meminfo`; null when a figure is missing. */
export interface MemoryInfo {
  readonly totalBytes: number | null;
  /** What programs could still get without swapping, as the kernel estimates it. */
  readonly availableBytes: number | null;
}

export function parseMemoryInfo(meminfo: string): MemoryInfo {
  return { totalBytes: kilobytesOf(meminfo, "MemTotal"), availableBytes: kilobytesOf(meminfo, "MemAvailable") };
}

/** Resident memory of one process. Bytes; null where the system does not tell it apart. */
export interface ProcessMemory {
  readonly residentBytes: number;
  /** Really taken: heap, buffers, shared memory. */
  readonly anonymousBytes: number | null;
  /** Pages of files, such as mapped weights, which the system may drop and read again. */
  readonly fileBytes: number | null;
}

/** From `/proc/<pid>/status`; null for a process without memory of its own (kernel thread, zombie). */
export function parseProcessMemory(status: string): ProcessMemory | null {
  const residentBytes = kilobytesOf(status, "VmRSS");
  if (residentBytes === null) return null;
  const anonymous = kilobytesOf(status, "RssAnon");
  const shared = kilobytesOf(status, "RssShmem");
  return {
    residentBytes,
    anonymousBytes: anonymous === null ? null : anonymous + (shared ?? 0),
    fileBytes: kilobytesOf(status, "RssFile"),
  };
}

function kilobytesOf(text: string, name: string): number | null {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(text)?.[1];
  return found === undefined ? null : Number(found) * 1024;
}
