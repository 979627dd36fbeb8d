import { resolve, sep } from "node:path";
import type { MachineProfile } from "@deskside/contract";
import { readMachine } from "../../machine/machine.ts";
import { createMemorySampler } from "../../memory/memory-sampler.ts";
import { measureDiskRead } from "./disk-read-speed.ts";
import { measureMemoryRead } from "./memory-read-speed.ts";

export interface MeasureOptions {
  /** The disk to measure is the one that this folder is on: a file is written there, and removed. */
  readonly dir: string;
  readonly signal?: AbortSignal | undefined;
  /** Both measurements together, without starting threads; a disk that hangs in a write takes longer. Default 2000. */
  readonly budgetMs?: number;
}

/** Bytes a second. */
export interface MachineSpeed {
  /** Null = too little memory is free for buffers that no cache holds. */
  readonly memoryBytesPerSecond: number | null;
  /** Null = too little disk is free, no right to write, or no way past the system's cache. */
  readonly diskReadBytesPerSecond: number | null;
}

/**
 * How fast this machine's memory and the disk of `dir` read, one after the other, so that neither slows the other down.
 * Meant for once per machine, while nothing is being generated: it takes all cores for half of the budget. Rejects with
 * `signal.reason`.
 */
export async function measureMachine({ dir, signal, budgetMs = 2000 }: MeasureOptions): Promise<MachineSpeed> {
  signal?.throwIfAborted();
  const [{ physicalCores: cores }, totals] = await Promise.all([readMachine(), createMemorySampler().readTotals()]);
  const freeBytes = totals.totalBytes - totals.usedBytes;
  const memoryBytesPerSecond = await measureMemoryRead({ cores, freeBytes, budgetMs: budgetMs / 2, signal });
  const diskReadBytesPerSecond = await measureDiskRead({ folder: dir, budgetMs: budgetMs / 2, signal });
  return { memoryBytesPerSecond, diskReadBytesPerSecond };
}

/**
 * The profile with what was measured: memory instead of the table's peak, the disk that `dir` is on. What was not
 * measured stays as it was.
 */
export function withSpeed(profile: MachineProfile, speed: MachineSpeed, dir: string): MachineProfile {
  const { memoryBytesPerSecond, diskReadBytesPerSecond } = speed;
  const memory =
    memoryBytesPerSecond === null
      ? profile.memory
      : { ...profile.memory, bandwidthBytesPerSecond: memoryBytesPerSecond, bandwidthSource: "measured" as const };
  const mount = diskReadBytesPerSecond === null ? null : mountOf(profile, dir);
  const disks = profile.disks.map((disk) =>
    disk.mount === mount ? { ...disk, readBytesPerSecond: diskReadBytesPerSecond } : disk,
  );
  return { ...profile, memory, disks };
}

/** The longest mount point that the folder is in; null when none of the listed ones. */
function mountOf({ disks }: MachineProfile, dir: string): string | null {
  const folder = resolve(dir);
  const within = (mount: string) => folder === mount || folder.startsWith(mount.endsWith(sep) ? mount : mount + sep);
  const mounts = disks.map(({ mount }) => mount).filter(within);
  return mounts.sort((a, b) => b.length - a.length)[0] ?? null;
}
