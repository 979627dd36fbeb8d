import { freemem, totalmem } from "node:os";
import { type Clock, withTimeout } from "@deskside/base";
import { deskError } from "@deskside/contract";
import type { GpuReading, MachineReading, MemorySampler } from "@deskside/hardware";
import type { Logger } from "../log/logger.ts";

export interface MemoryReading {
  readonly totalBytes: number;
  readonly usedBytes: number;
  /** Of this process and the engines; null where the system does not show it. */
  readonly desksideBytes: number | null;
  readonly engineBytes: number | null;
}

/** Where a sample comes from. Any of them may fail, hang, or answer with nothing. */
export interface MonitorReaders {
  gpus(): Promise<readonly GpuReading[]>;
  machine(): Promise<MachineReading>;
  memory(): Promise<MemoryReading>;
}

/** A reading that takes longer is left out of its sample. */
export const readDeadlineMs = 800;

/**
 * A reader that cannot hold anything up: null when it fails or is late, and while an earlier call of it still hangs, so
 * that hanging reads never pile up. The first failure is logged, the others are the same story.
 */
export function guardReader<T>(what: string, read: () => Promise<T>, log: Logger): () => Promise<T | null> {
  let pending = false;
  let told = false;
  const late = () => deskError("TIMED_OUT", { what, ms: readDeadlineMs });
  return async () => {
    if (pending) return null;
    pending = true;
    const reading = (async () => read())().finally(() => {
      pending = false;
    });
    try {
      return await withTimeout(reading, readDeadlineMs, late);
    } catch (error) {
      if (!told) log.warn({ err: error, reader: what }, "a monitor reading failed; it counts as not reported");
      told = true;
      return null;
    }
  };
}

export function createMemoryReader(
  sampler: MemorySampler,
  enginePids: () => readonly number[],
): MonitorReaders["memory"] {
  return async () => {
    const [totals, [own, ...engines]] = await Promise.all([
      sampler.readTotals(),
      sampler.readProcesses([process.pid, ...enginePids()]),
    ]);
    // A system that does not show this process shows no other; an engine that is gone holds nothing.
    const shown = own !== null || engines.length === 0;
    const engineBytes = shown ? engines.reduce((sum, one) => sum + (one?.residentBytes ?? 0), 0) : null;
    const ownBytes = own?.residentBytes ?? process.memoryUsage.rss();
    return { ...totals, engineBytes, desksideBytes: engineBytes === null ? null : ownBytes + engineBytes };
  };
}

/** One reading for all who ask within `freshMs`, since each costs the same. A failure is not kept. */
export function shareReading<T>(read: () => Promise<T>, freshMs: number, clock: Clock): () => Promise<T> {
  let last: { readonly at: number; readonly reading: Promise<T> } | null = null;
  return () => {
    if (last && clock.monotonic() - last.at < freshMs) return last.reading;
    const mine = { at: clock.monotonic(), reading: read() };
    last = mine;
    mine.reading.catch(() => {
      if (last === mine) last = null;
    });
    return mine.reading;
  };
}

/** What Node itself knows, for when the better reading failed. */
export function plainMemory(): MemoryReading {
  return { totalBytes: totalmem(), usedBytes: totalmem() - freemem(), desksideBytes: null, engineBytes: null };
}
