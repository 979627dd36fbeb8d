import { readFileSync } from "node:fs";

/** Largest resident size of this process so far, in bytes. */
export function peakMemoryBytes(): number {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS * 1024;
  // What Linux reports as a resource begins with the size of the parent at the time of the fork.
  const match = /^VmHWM:\s*(\d+) kB/m.exec(readFileSync("/proc/self/status", "utf8"));
  if (!match) throw new Error("no VmHWM in /proc/self/status");
  return Number(match[1]) * 1024;
}
