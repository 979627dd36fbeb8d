import type { MachineProfile } from "@deskside/contract";
import type { QuantClass } from "./quant-class.ts";
import type { DeviceReads } from "./read-bytes.ts";

/** A table names the peak; this is what reading in order reaches of it. A measured bandwidth is taken as it is. */
const shareOfPeak = 0.75;
/** Where nobody measured: two channels of DDR4-2400, the least of common computers of the last ten years. */
export const assumedRamPeak = 38.4e9;

/**
 * Per set of instructions: bytes of quantized weights one core takes in a second, operations of a prompt. Seen on
 * virtual cores with AVX-512, one thread: 2e10 (7B Q4_K_M, 4.3 tok/s; 1.9e11 operations of a prompt) and 1e10 (135M
 * Q4_1; 6.7e10); on another machine 7.4e9 for both.
 */
const perCore = [
  { set: "amx", decode: 1.2e10, prompt: 2e11 },
  { set: "avx512", decode: 1.2e10, prompt: 1e11 },
  { set: "avx2", decode: 1e10, prompt: 5e10 },
  { set: "sve", decode: 9e9, prompt: 5e10 },
  { set: "i8mm", decode: 1e10, prompt: 5e10 },
  { set: "dotprod", decode: 8e9, prompt: 3e10 },
  { set: "neon", decode: 7e9, prompt: 1.5e10 },
  { set: "avx", decode: 4e9, prompt: 1e10 },
] as const;
const slowest = { decode: 1.5e9, prompt: 2e9 };

/** Threads meet at barriers several times a layer. */
const secondsPerLayer = 15e-6;

/** Wider weights need less arithmetic for each byte. */
const bytesFactor: Readonly<Record<QuantClass, number>> = { low: 0.6, mid: 1, high: 1.8 };

/**
 * Seconds per token: whichever ends later, the memory or the cores that unpack the weights. Rough: the rates per core
 * are of the order seen on current processors, and a correction learned on the machine is what makes them good.
 */
export function processorDecodeSeconds(
  read: DeviceReads,
  quantClass: QuantClass,
  threads: number,
  { cpu, memory }: MachineProfile,
): number {
  const known = memory.bandwidthBytesPerSecond ?? assumedRamPeak;
  const bandwidth = known * (memory.bandwidthSource === "measured" ? 1 : shareOfPeak);
  const cores = Math.min(Math.max(1, threads), Math.max(1, cpu.physicalCores));
  const unpacked = coreRates(cpu.instructionSets).decode * bytesFactor[quantClass] * cores;
  return (read.weightBytes + read.kvBytes) / Math.min(bandwidth, unpacked) + read.layers * secondsPerLayer;
}

/** Seconds per token of a prompt: two operations per parameter. Rough, like the rates. */
export function processorPromptSeconds(
  read: DeviceReads,
  threads: number,
  { cpu }: Pick<MachineProfile, "cpu">,
): number {
  const cores = Math.min(Math.max(1, threads), Math.max(1, cpu.physicalCores));
  return (2 * read.parameters) / (coreRates(cpu.instructionSets).prompt * cores);
}

function coreRates(instructionSets: readonly string[]): { readonly decode: number; readonly prompt: number } {
  return perCore.find(({ set }) => instructionSets.some((name) => name.startsWith(set))) ?? slowest;
}
