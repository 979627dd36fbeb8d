import type { ReadText } from "../read-text.ts";
import { type CgroupFolders, findCgroupFolders } from "./cgroup-folders.ts";

/** Processors from `cpu.max` (`200000 100000`, `max 100000`); null = no limit. */
export function parseCpuMax(text: string): number | null {
  const [quota, period] = text.trim().split(/\s+/);
  return ratio(quota, period);
}

/** Processors from version 1's `cpu.cfs_quota_us` (-1 = no limit) and `cpu.cfs_period_us`; null = no limit. */
export function parseCfsQuota(quota: string, period: string): number | null {
  return ratio(quota.trim(), period.trim());
}

function ratio(quota: string | undefined, period: string | undefined): number | null {
  const [share, whole] = [Number(quota), Number(period)];
  return Number.isFinite(share) && Number.isFinite(whole) && share > 0 && whole > 0 ? share / whole : null;
}

/** Bytes from `memory.max` or `memory.limit_in_bytes`; null for `max` and what cannot be read as bytes. */
export function parseMemoryLimit(text: string): number | null {
  const value = text.trim();
  return /^\d+$/.test(value) ? Number(value) : null;
}

/** Bytes the kernel takes back before anybody starves: the file cache that was not used lately. */
export function parseInactiveFile(memoryStat: string): number {
  const found = /^total_inactive_file (\d+)$/m.exec(memoryStat) ?? /^inactive_file (\d+)$/m.exec(memoryStat);
  return found ? Number(found[1]) : 0;
}

/** What the control groups of this process allow, read from the system's files at every call. */
export interface CgroupReader {
  /** Processors, possibly a fraction; null = no limit. */
  cpuLimit(): Promise<number | null>;
  /** Limit and use of every group above this process that has a limit. Bytes; use leaves out reclaimable file cache. */
  memoryLimits(): Promise<{ readonly limitBytes: number; readonly usedBytes: number }[]>;
}

/** Finds the folders once: a running process is moved between groups by nobody but an administrator. */
export async function createCgroupReader(readText: ReadText): Promise<CgroupReader> {
  const [cgroup, mountinfo] = await Promise.all([readText("/proc/self/cgroup"), readText("/proc/self/mountinfo")]);
  const find = (controller: string) =>
    cgroup === null || mountinfo === null ? null : findCgroupFolders(controller, cgroup, mountinfo);
  const cpu = find("cpu");
  const memory = find("memory");
  return {
    cpuLimit: async () =>
      smallest(await Promise.all(eachFolder(cpu, (folder, version) => readCpu(readText, folder, version)))),
    memoryLimits: async () => {
      const limits = await Promise.all(eachFolder(memory, (folder, version) => readMemory(readText, folder, version)));
      return limits.filter((limit) => limit !== null);
    },
  };
}

function eachFolder<T>(
  group: CgroupFolders | null,
  read: (folder: string, version: 1 | 2) => Promise<T>,
): Promise<T>[] {
  return group?.folders.map((folder) => read(folder, group.version)) ?? [];
}

function smallest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? Math.min(...known) : null;
}

async function readCpu(readText: ReadText, folder: string, version: 1 | 2): Promise<number | null> {
  if (version === 2) {
    const text = await readText(`${folder}/cpu.max`);
    return text === null ? null : parseCpuMax(text);
  }
  const [quota, period] = await Promise.all([
    readText(`${folder}/cpu.cfs_quota_us`),
    readText(`${folder}/cpu.cfs_period_us`),
  ]);
  return quota === null || period === null ? null : parseCfsQuota(quota, period);
}

/** Version 1 writes "no limit" as the largest page-aligned number; nothing real is that large. */
const noLimitBytes = 2 ** 60;

async function readMemory(readText: ReadText, folder: string, version: 1 | 2) {
  const [limitFile, useFile] =
    version === 2 ? ["memory.max", "memory.current"] : ["memory.limit_in_bytes", "memory.usage_in_bytes"];
  const limit = parseMemoryLimit((await readText(`${folder}/${limitFile}`)) ?? "");
  if (limit === null || limit >= noLimitBytes) return null;
  const [use, stat] = await Promise.all([readText(`${folder}/${useFile}`), readText(`${folder}/memory.stat`)]);
  const used = parseMemoryLimit(use ?? "") ?? 0;
  return { limitBytes: limit, usedBytes: Math.max(0, used - parseInactiveFile(stat ?? "")) };
}
