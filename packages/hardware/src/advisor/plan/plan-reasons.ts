import type { FitPlan, FitReason, MachineProfile, MemoryUse, WhyCpu } from "@deskside/contract";
import type { FitWish, ModelShape } from "../model-shape.ts";
import { budgetSum, type GpuSet, ramBudget, spareBytes } from "./budgets.ts";
import { assumedRamPeak } from "../speed/processor-speed.ts";
import type { FitLoad } from "./plan-fit.ts";

/** Tokens per second below which a person waits for the words. */
export const readingSpeed = 8;

interface ReasonInput {
  readonly shape: ModelShape;
  readonly machine: MachineProfile;
  readonly wish: FitWish;
  readonly memoryOf: (plan: FitPlan) => MemoryUse;
  readonly load: FitLoad;
  readonly whyCpu: WhyCpu | null;
  /** Tokens. */
  readonly wanted: number;
  readonly sets: readonly GpuSet[];
}

/** Why the plan is as it is, as data; most telling first. */
export function reasonsFor(input: ReasonInput): FitReason[] {
  const { load, whyCpu, wanted } = input;
  const { plan, predicted } = load;
  const speed = predicted.tokensPerSecond;
  return [
    ...tooLarge(input),
    ...placement(input),
    ...(whyCpu && whyCpu !== "no-gpu" ? [{ code: "why-cpu" as const, data: { reason: whyCpu } }] : []),
    ...(plan.contextSize < wanted
      ? [{ code: "context-reduced" as const, data: { from: wanted, to: plan.contextSize } }]
      : []),
    ...quantizedCache(input),
    ...expertsInRam(input),
    ...assumedBandwidth(input),
    ...(speed !== null && speed < readingSpeed ? [{ code: "slow" as const, data: { tokensPerSecond: speed } }] : []),
  ];
}

/** Part of the weights is read from RAM, and nobody measured how fast it is. */
function assumedBandwidth({ load, machine }: ReasonInput): FitReason[] {
  const isInRam = load.plan.api === "none" || load.plan.gpuLayers < load.plan.totalLayers;
  if (!isInRam || machine.memory.bandwidthBytesPerSecond !== null) return [];
  return [{ code: "bandwidth-assumed", data: { bytesPerSecond: assumedRamPeak } }];
}

function tooLarge({ load, machine, wish }: ReasonInput): FitReason[] {
  const { gpu, ram } = spareBytes(load.predicted, load.plan, machine, wish.keepFreeBytes);
  if (ram >= 0 && (gpu ?? 0) >= 0) return [];
  const budgetBytes = Math.max(0, load.predicted.memoryBytes + Math.min(ram, gpu ?? ram));
  return [{ code: "too-large", data: { neededBytes: load.predicted.memoryBytes, budgetBytes } }];
}

function placement({ load: { plan, predicted }, machine, wish, sets }: ReasonInput): FitReason[] {
  const ramBytes = ramOf(predicted);
  if (plan.api === "none") {
    const freeBytes = ramBudget(machine, wish.keepFreeBytes);
    return ramBytes > freeBytes ? [] : [{ code: "cpu-only-fits", data: { ramBytes, freeBytes } }];
  }
  if (plan.gpuLayers < plan.totalLayers) {
    return [{ code: "part-on-gpu", data: { layers: plan.gpuLayers, totalLayers: plan.totalLayers, ramBytes } }];
  }
  const set = sets.find(({ api }) => api === plan.api);
  const device = plan.devices.map(({ name }) => name).join(" + ");
  const bytes = predicted.memoryBytes - ramBytes;
  return [{ code: "all-on-gpu", data: { device, bytes, budgetBytes: set ? budgetSum(set.devices) : 0 } }];
}

/** Only where the advisor chose it. */
function quantizedCache({ wish, memoryOf, load: { plan, predicted } }: ReasonInput): FitReason[] {
  if (wish.kvType !== "auto" || plan.kvType === "f16") return [];
  const plain: FitPlan = { ...plan, kvType: "f16" };
  const savedBytes = memoryOf(plain).memoryBytes - predicted.memoryBytes;
  return [{ code: "kv-quantized", data: { kvType: plan.kvType, savedBytes } }];
}

/**
 * What keeping the experts in RAM would take, where it would let every layer be on the GPU. As information: the
 * engine's library cannot place single tensors, so no plan does it.
 */
function expertsInRam({ shape, machine, wish, load: { plan }, sets, memoryOf }: ReasonInput): FitReason[] {
  const [set] = sets;
  if (!shape.experts || !set || plan.gpuLayers === plan.totalLayers) return [];
  const expertBytes = shape.layers.reduce((sum, layer) => sum + layer.expertBytes, 0);
  const whole: FitPlan = {
    ...plan,
    api: set.api,
    gpuLayers: plan.totalLayers,
    devices: set.devices.map(({ gpu: { id, name } }) => ({ id, name, layers: plan.totalLayers })),
  };
  const use = memoryOf(whole);
  const gpuBytes = use.memoryBytes - ramOf(use) - expertBytes;
  if (gpuBytes > budgetSum(set.devices) || expertBytes > ramBudget(machine, wish.keepFreeBytes)) return [];
  return [{ code: "experts-in-ram", data: { expertBytes, gpuBytes, possible: false } }];
}

function ramOf(use: MemoryUse): number {
  return use.devices.find(({ name }) => name === "RAM")?.bytes ?? 0;
}
