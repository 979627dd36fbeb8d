import { readFile } from "node:fs/promises";
import { uptime } from "node:os";

/**
 * Names the running start of the operating system. What a killed process wrote is still in the system's memory as
 * long as this stays the same; after a power loss it differs. Linux: /proc/sys/kernel/random/boot_id. Elsewhere the
 * time of the start, in steps of 10 s: when unsure it differs, which only costs bytes fetched again.
 */
export async function readBootId(now: number): Promise<string> {
  try {
    const text = (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
    if (/^[0-9a-f-]{36}$/.test(text)) return text;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  return `started-${Math.round((now - uptime() * 1000) / 10_000)}`;
}
