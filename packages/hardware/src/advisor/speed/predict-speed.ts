import type { FitPlan, Gpu, MachineProfile } from "@deskside/contract";
import type { Calibration, ModelShape } from "../model-shape.ts";
import { type DecodeConstants, type DecodeTable, decodeConstants } from "./decode-constants.ts";
import { deviceGroupOf } from "./device-group.ts";
import { processorDecodeSeconds, processorPromptSeconds } from "./processor-speed.ts";
import { promptSecondsOnGpu } from "./prompt-speed.ts";
import { quantClassOf } from "./quant-class.ts";
import { type DeviceReads, readsPerToken } from "./read-bytes.ts";

export interface SpeedOptions {
  /** Tokens already in the context. */
  readonly depth: number;
  readonly calibration: Calibration;
  /** Peak 16-bit TFLOPS of an id of the table of GPUs; null or absent = the prompt speed stays unknown. */
  readonly tflopsOf?: ((tableId: string) => number | null) | undefined;
  /** Others than the fitted ones: for the fit itself. */
  readonly constants?: DecodeTable | undefined;
}

/** Tokens per second; null = a bandwidth or the arithmetic power of a device that takes part is not known. */
export interface SpeedPrediction {
  readonly tokensPerSecond: number | null;
  readonly promptTokensPerSecond: number | null;
}

/**
 * Decode: a token reads all active weights and the cache once, so its time is the sum over the devices of
 * bytes ÷ (peak bandwidth · efficiency) + layers · fixed time. The constants are fitted to published measurements
 * (`npm run bench -- predictor`). Devices that share the layers work one after the other. Prompt: arithmetic.
 * Source of the form: bandwidth-bound decoding, as in llama.cpp discussion 4167; the fixed time is our own term.
 */
export function predictSpeed(
  shape: ModelShape,
  plan: FitPlan,
  machine: MachineProfile,
  options: SpeedOptions,
): SpeedPrediction {
  const reads = readsPerToken(shape, plan, options.depth);
  const decode = sum(
    reads.map((read) => decodeSeconds(read, shape, plan, machine, options.constants ?? decodeConstants)),
  );
  const prompt = sum(reads.map((read) => promptSeconds(read, shape, plan, machine, options)));
  return {
    tokensPerSecond: rate(decode, options.calibration.decode),
    promptTokensPerSecond: rate(prompt, options.calibration.prompt),
  };
}

function decodeSeconds(
  read: DeviceReads,
  shape: ModelShape,
  plan: FitPlan,
  machine: MachineProfile,
  table: DecodeTable,
): number | null {
  if (read.device < 0) return processorDecodeSeconds(read, quantClassOf(shape), plan.threads, machine);
  const gpu = gpuOf(read.device, plan, machine);
  const group = gpu ? deviceGroupOf(gpu) : null;
  if (!gpu || !group || !gpu.bandwidthBytesPerSecond) return null;
  const constants = table[group];
  const bytes = read.weightBytes + read.kvBytes;
  return (
    bytes / (gpu.bandwidthBytesPerSecond * efficiencyOf(constants, shape)) + read.layers * constants.secondsPerLayer
  );
}

function efficiencyOf(constants: DecodeConstants, shape: ModelShape): number {
  const efficiency = constants.efficiency[quantClassOf(shape)];
  return shape.experts ? Math.min(efficiency, constants.mixture) : efficiency;
}

function promptSeconds(
  read: DeviceReads,
  shape: ModelShape,
  plan: FitPlan,
  machine: MachineProfile,
  { tflopsOf }: SpeedOptions,
): number | null {
  if (read.device < 0) return processorPromptSeconds(read, plan.threads, machine);
  const gpu = gpuOf(read.device, plan, machine);
  if (!gpu) return null;
  const tflops = gpu.tableId === null ? null : (tflopsOf?.(gpu.tableId) ?? null);
  return promptSecondsOnGpu(read, gpu, tflops, shape.experts !== null);
}

function gpuOf(index: number, plan: FitPlan, machine: MachineProfile): Gpu | undefined {
  const id = plan.devices[index]?.id;
  return machine.gpus.find((gpu) => gpu.id === id);
}

function sum(parts: readonly (number | null)[]): number | null {
  let total = 0;
  for (const part of parts) {
    if (part === null) return null;
    total += part;
  }
  return total;
}

function rate(seconds: number | null, correction: number): number | null {
  return seconds !== null && seconds > 0 ? correction / seconds : null;
}
