import type { MonitorSample, Telemetry } from "@deskside/contract";

/** Bytes that are in use, by what they hold. */
export interface UsedMemory {
  readonly weights: number;
  readonly kv: number;
  readonly buffer: number;
  readonly other: number;
}

/**
 * Splits what is used, so that the parts add up to it. Weights that are mapped from a file are resident in the engine
 * without being counted as used by the system, so they come last and never take more than is left.
 */
export function splitUsed(input: { used: number; weights: number; kv: number; buffer: number }): UsedMemory {
  const kv = Math.min(input.kv, input.used);
  const buffer = Math.min(input.buffer, input.used - kv);
  const weights = Math.min(input.weights, input.used - kv - buffer);
  return { kv, buffer, weights, other: input.used - kv - buffer - weights };
}

/** One bar of the strip: a graphics card, or the machine's memory. */
export interface DeviceShares extends UsedMemory {
  readonly kind: "vram" | "ram";
  readonly id: string;
  readonly name: string | null;
  readonly total: number;
  readonly used: number;
  readonly free: number;
}

/** The machine's memory; null until a reading came. What the engine holds is known in parts only from a sample. */
export function shareRam(telemetry: Telemetry | null, sample: MonitorSample | null): DeviceShares | null {
  const total = sample?.memory.totalBytes ?? telemetry?.memoryTotalBytes;
  const reading = sample?.memory.usedBytes ?? telemetry?.memoryUsedBytes;
  if (total === undefined || reading === undefined) return null;
  const used = Math.min(reading, total);
  const held = sample === null ? null : engineInRam(sample);
  const whole = telemetry?.engineBytes ?? sample?.engine.residentBytes ?? 0;
  const parts = splitUsed({ used, ...(held ?? { weights: whole, kv: 0, buffer: 0 }) });
  return { kind: "ram", id: "ram", name: null, total, used, free: total - used, ...parts };
}

/** What the engines hold in RAM: all they hold, less what lies on the cards. Null when it is not known in parts. */
function engineInRam({ engine, gpus }: MonitorSample): Omit<UsedMemory, "other"> | null {
  const { weightsBytes, kvBytes, bufferBytes } = engine;
  if (weightsBytes === null || kvBytes === null || bufferBytes === null) return null;
  const onCards = (pick: (gpu: MonitorSample["gpus"][number]) => number | null) =>
    gpus.reduce((sum, gpu) => sum + (pick(gpu) ?? 0), 0);
  return {
    weights: Math.max(0, weightsBytes - onCards((gpu) => gpu.weightsBytes)),
    kv: Math.max(0, kvBytes - onCards((gpu) => gpu.kvBytes)),
    buffer: Math.max(0, bufferBytes - onCards((gpu) => gpu.bufferBytes)),
  };
}

/** Cards whose memory is reported, in the order of the machine. */
export function shareVram(sample: MonitorSample | null): readonly DeviceShares[] {
  return (sample?.gpus ?? []).flatMap((gpu) => {
    if (gpu.vramTotalBytes === null || gpu.vramUsedBytes === null || gpu.vramTotalBytes <= 0) return [];
    const total = gpu.vramTotalBytes;
    const used = Math.min(gpu.vramUsedBytes, total);
    const parts = splitUsed({
      used,
      weights: gpu.weightsBytes ?? 0,
      kv: gpu.kvBytes ?? 0,
      buffer: gpu.bufferBytes ?? 0,
    });
    return [{ kind: "vram" as const, id: gpu.id, name: gpu.name, total, used, free: total - used, ...parts }];
  });
}

/** Several cards as one bar. */
export function addShares(devices: readonly DeviceShares[]): DeviceShares | null {
  const [first, ...rest] = devices;
  if (!first) return null;
  return rest.reduce(
    (sum, device) => ({
      ...sum,
      total: sum.total + device.total,
      used: sum.used + device.used,
      free: sum.free + device.free,
      weights: sum.weights + device.weights,
      kv: sum.kv + device.kv,
      buffer: sum.buffer + device.buffer,
      other: sum.other + device.other,
    }),
    first,
  );
}

/** The hottest card, else the processor; null where neither reports. Degrees Celsius. */
export function hottest(sample: MonitorSample | null): { degrees: number; of: "gpu" | "cpu" } | null {
  const cards = (sample?.gpus ?? []).flatMap(({ temperature }) => (temperature === null ? [] : [temperature]));
  if (cards.length > 0) return { degrees: Math.max(...cards), of: "gpu" };
  const degrees = sample?.cpu.temperature ?? null;
  return degrees === null ? null : { degrees, of: "cpu" };
}
