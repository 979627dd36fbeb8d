import type { Telemetry } from "@deskside/contract";

/** Bytes. `engine` is what the engine processes hold, as far as the system counts it as used. */
export interface MemoryShares {
  readonly total: number;
  readonly used: number;
  readonly engine: number;
  readonly other: number;
  readonly free: number;
}

/**
 * Splits the memory for the bar. Weights that are mapped from a file are resident in the engine without being counted
 * as used by the system; so that the parts add up, the engine never takes more than is used.
 */
export function shareMemory(telemetry: Telemetry): MemoryShares {
  const total = telemetry.memoryTotalBytes;
  const used = Math.min(telemetry.memoryUsedBytes, total);
  const engine = Math.min(telemetry.engineBytes, used);
  return { total, used, engine, other: used - engine, free: total - used };
}
