import { bytesOf } from "../loose-values.ts";
import type { ProbeSource } from "../source/probe-source.ts";

const displayClass = "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}";
export const registryArgs = ["query", displayClass, "/s", "/v", "HardwareInformation.qwMemorySize"] as const;
export const registryNameArgs = ["query", displayClass, "/s", "/v", "DriverDesc"] as const;

/** A display driver's entry in the registry. */
export interface RegistryAdapter {
  readonly name: string;
  readonly vramTotalBytes: number;
}

/**
 * The true memory sizes that display drivers write into the registry, where WMI's 32-bit `AdapterRAM` ends at 4 GB.
 * Joined by the number of the entry (`\0001`).
 */
export async function readRegistryMemory(source: ProbeSource, signal?: AbortSignal): Promise<RegistryAdapter[]> {
  const [sizes, names] = await Promise.all([
    source.run("reg", registryArgs, { signal }),
    source.run("reg", registryNameArgs, { signal }),
  ]);
  if (sizes.status !== "done" || names.status !== "done") return [];
  const byEntry = parseRegistry(names.stdout);
  return [...parseRegistry(sizes.stdout)].flatMap(([entry, value]) => {
    const name = byEntry.get(entry);
    const size = /^0x[0-9a-f]{1,16}$/i.test(value) ? bytesOf(Number(value), "b") : null;
    return name && size ? [{ name, vramTotalBytes: size }] : [];
  });
}

/** Output of `reg query … /v <name>`: the entry's path on a line of its own, below it `    name    REG_QWORD    0x…`. */
export function parseRegistry(text: string): Map<string, string> {
  const values = new Map<string, string>();
  let entry: string | null = null;
  for (const line of text.slice(0, 256 * 1024).split(/\r?\n/)) {
    const path = /^HKEY_.*\\(\d{4})\s*$/i.exec(line);
    if (path?.[1]) entry = path[1];
    else if (/^HKEY_/i.test(line)) entry = null;
    const value = /^\s+\S+\s+REG_\w+\s+(\S.*)$/.exec(line)?.[1];
    if (entry !== null && value && !values.has(entry) && values.size < 256) values.set(entry, value.trim());
  }
  return values;
}
