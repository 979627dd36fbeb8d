import type { MonitorSample } from "./monitor-schemas.ts";

export const monitorUnits = [
  "percent",
  "bytes",
  "bytes/s",
  "celsius",
  "watts",
  "hertz",
  "tokens/s",
  "tokens",
  "ms",
  "count",
] as const;

/**
 * How several readings become one of a coarser resolution. `max` where a short peak is what matters (temperatures,
 * video memory, waiting times), `min` for what runs out (free disk), `sum` for what is counted, `mean` for the rest.
 */
export type MonitorMerge = "mean" | "max" | "min" | "sum";

export interface MonitorColumn<T> {
  /** Key in `MonitorSeries.values`; of a GPU the part after `gpu.<id>.`. */
  readonly key: string;
  readonly unit: (typeof monitorUnits)[number];
  readonly merge: MonitorMerge;
  readonly of: (source: T) => number | null;
}

type Gpu = MonitorSample["gpus"][number];

/** In the order of charts and exports. */
export const machineColumns: readonly MonitorColumn<MonitorSample>[] = [
  { key: "cpu", unit: "percent", merge: "mean", of: ({ cpu }) => cpu.utilisation },
  { key: "cpu.temperature", unit: "celsius", merge: "max", of: ({ cpu }) => cpu.temperature },
  { key: "memory.total", unit: "bytes", merge: "max", of: ({ memory }) => memory.totalBytes },
  { key: "memory.used", unit: "bytes", merge: "mean", of: ({ memory }) => memory.usedBytes },
  { key: "memory.deskside", unit: "bytes", merge: "mean", of: ({ memory }) => memory.desksideBytes },
  { key: "disk.free", unit: "bytes", merge: "min", of: ({ disk }) => disk.freeBytes },
  { key: "disk.read", unit: "bytes/s", merge: "mean", of: ({ disk }) => disk.readPerSecond },
  { key: "disk.write", unit: "bytes/s", merge: "mean", of: ({ disk }) => disk.writePerSecond },
  { key: "engine.resident", unit: "bytes", merge: "mean", of: ({ engine }) => engine.residentBytes },
  { key: "engine.weights", unit: "bytes", merge: "max", of: ({ engine }) => engine.weightsBytes },
  { key: "engine.kv", unit: "bytes", merge: "max", of: ({ engine }) => engine.kvBytes },
  { key: "engine.buffer", unit: "bytes", merge: "max", of: ({ engine }) => engine.bufferBytes },
  { key: "engine.slots", unit: "count", merge: "max", of: ({ engine }) => engine.slots },
  { key: "engine.running", unit: "count", merge: "mean", of: ({ engine }) => engine.running },
  { key: "engine.waiting", unit: "count", merge: "max", of: ({ engine }) => engine.waiting },
  { key: "engine.tokensPerSecond", unit: "tokens/s", merge: "mean", of: ({ engine }) => engine.tokensPerSecond },
  { key: "engine.tokens", unit: "tokens", merge: "sum", of: ({ engine }) => engine.tokens },
  { key: "engine.firstTokenP50", unit: "ms", merge: "max", of: ({ engine }) => engine.firstTokenP50 },
  { key: "engine.firstTokenP99", unit: "ms", merge: "max", of: ({ engine }) => engine.firstTokenP99 },
  { key: "engine.crashes", unit: "count", merge: "sum", of: ({ engine }) => engine.crashes },
];

export const gpuColumns: readonly MonitorColumn<Gpu>[] = [
  { key: "utilisation", unit: "percent", merge: "mean", of: (gpu) => gpu.utilisation },
  { key: "vramTotal", unit: "bytes", merge: "max", of: (gpu) => gpu.vramTotalBytes },
  { key: "vramUsed", unit: "bytes", merge: "max", of: (gpu) => gpu.vramUsedBytes },
  { key: "weights", unit: "bytes", merge: "max", of: (gpu) => gpu.weightsBytes },
  { key: "kv", unit: "bytes", merge: "max", of: (gpu) => gpu.kvBytes },
  { key: "buffer", unit: "bytes", merge: "max", of: (gpu) => gpu.bufferBytes },
  { key: "temperature", unit: "celsius", merge: "max", of: (gpu) => gpu.temperature },
  { key: "power", unit: "watts", merge: "mean", of: (gpu) => gpu.power },
  { key: "clock", unit: "hertz", merge: "mean", of: (gpu) => gpu.clock },
  { key: "pcieReceive", unit: "bytes/s", merge: "mean", of: (gpu) => gpu.pcieReceivePerSecond },
  { key: "pcieSend", unit: "bytes/s", merge: "mean", of: (gpu) => gpu.pcieSendPerSecond },
  { key: "nvlink", unit: "bytes/s", merge: "mean", of: (gpu) => gpu.nvlinkPerSecond },
];

/** `gpu.<id>.<column>` */
export function gpuKey(id: string, column: string): string {
  return `gpu.${id}.${column}`;
}
