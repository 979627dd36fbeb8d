import type { Clock } from "@deskside/base";
import type { MonitorSample } from "@deskside/contract";
import type { Logger } from "../../log/logger.ts";
import type { GpuReading } from "@deskside/hardware";

export const startAt = 1_800_000_000_000;

/** Wall and monotonic time that move only when told; the wall clock can be set alone. */
export function createTestClock(): Clock & { advance(ms: number): void; setWall(ms: number): void } {
  let [wall, monotonic] = [startAt, 5_000_000];
  return {
    now: () => wall,
    monotonic: () => monotonic,
    advance(ms) {
      wall += ms;
      monotonic += ms;
    },
    setWall(ms) {
      wall = ms;
    },
  };
}

export function createTestLog(): Logger & { readonly lines: string[] } {
  const lines: string[] = [];
  const write = (_data: unknown, text: string) => void lines.push(text);
  return { lines, info: write, warn: write, error: write } as unknown as Logger & { readonly lines: string[] };
}

export function gpuReading(change: Partial<GpuReading> = {}): GpuReading {
  return {
    ...{ id: "0000:01:00.0", name: "Test GPU", utilisation: 50, vramTotalBytes: 8e9, vramUsedBytes: 4e9 },
    ...{ temperature: 60, power: 100, clock: 1.5e9 },
    ...{ pcieReceivePerSecond: null, pcieSendPerSecond: null, nvlinkPerSecond: null },
    ...change,
  };
}

type Gpu = MonitorSample["gpus"][number];

export function gpuOf(change: Partial<Gpu> = {}): Gpu {
  return { ...gpuReading(), weightsBytes: 0, kvBytes: 0, bufferBytes: 0, ...change };
}

export function sampleAt(
  at: number,
  change: {
    cpu?: number | null;
    gpus?: Gpu[];
    engine?: Partial<MonitorSample["engine"]>;
    freeBytes?: number | null;
  } = {},
): MonitorSample {
  return {
    at,
    cpu: { utilisation: change.cpu === undefined ? 12.5 : change.cpu, temperature: null },
    memory: { totalBytes: 16e9, usedBytes: 6e9, desksideBytes: 2e8 },
    disk: {
      freeBytes: change.freeBytes === undefined ? 500e9 : change.freeBytes,
      ...{ readPerSecond: 0, writePerSecond: null },
    },
    gpus: change.gpus ?? [],
    engine: {
      ...{ residentBytes: 1e8, weightsBytes: 5e7, kvBytes: 1e6, bufferBytes: 1e6, slots: 1, running: 0, waiting: 0 },
      ...{ tokensPerSecond: 0, tokens: 0, firstTokenP50: null, firstTokenP99: null, crashes: 0 },
      ...change.engine,
    },
  };
}
