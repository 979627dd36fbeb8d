import type { FitPlan, MemoryUse, ModelDefaults } from "@deskside/contract";
import type { EstimateMemory } from "@deskside/hardware";
import type { ResolvedModel } from "@deskside/model-library";
import type { PlannedLoad } from "../engines/load-planner.ts";
import type { Attached } from "../library/attachments/attachments.ts";
import type { Advisor } from "./advisor.ts";
import { addUse, createAttachedMemory } from "./attached-memory.ts";

/**
 * The plans of a model with what was fixed for it and what is loaded with it. A plan has to leave room for what an
 * answer may ask for later, but predicts what is taken as long as none does: so it can be compared with a measurement.
 */
export function planWithAttached(
  advisor: Advisor,
  model: ResolvedModel,
  { attached, defaults }: { attached: Attached; defaults: ModelDefaults },
) {
  const { contextSize, kvType, gpuLayers } = defaults;
  /** What each plan predicts by itself, by what was asked. */
  const later = new Map<string, MemoryUse>();
  const { loads, whyCpu } = advisor.plans(model, {
    wish: {
      ...(contextSize === null ? {} : { contextSize: Math.min(contextSize, model.description.limits.maxContext) }),
      ...(kvType === null ? {} : { kvType }),
      ...(gpuLayers === null ? {} : { gpuLayers }),
    },
    memory: (estimate): EstimateMemory => {
      const memory = createAttachedMemory(attached, estimate);
      return (shape, plan) => {
        const alone = estimate(shape, plan);
        const reserve = memory.onRequest(alone, plan);
        later.set(keyOf(plan), reserve);
        return addUse(memory.withModel(alone, plan), reserve);
      };
    },
  });
  return {
    whyCpu,
    loads: loads.map(({ plan, predicted }): Omit<PlannedLoad, "env"> => {
      const reserve = later.get(keyOf(plan));
      if (!reserve) return { plan, predicted, attached };
      const negative = reserve.devices.map((device) => ({
        ...device,
        weightsBytes: -device.weightsBytes,
        kvBytes: -device.kvBytes,
        bufferBytes: -device.bufferBytes,
        overheadBytes: -device.overheadBytes,
        bytes: -device.bytes,
      }));
      const taken = addUse(predicted, { memoryBytes: 0, anonymousBytes: 0, devices: negative });
      const gpus = reserve.devices.filter(({ name }) => name !== "RAM");
      const reservedGpuBytes = gpus.reduce((total, { bytes }) => total + bytes, 0);
      return { plan, predicted: { ...predicted, ...taken }, attached, reservedGpuBytes };
    }),
  };
}

/** Threads and slots are not chosen by memory; the rest of a plan is. */
function keyOf(plan: FitPlan): string {
  return JSON.stringify([
    ...[plan.api, plan.gpuLayers, plan.contextSize, plan.kvType, plan.batchSize, plan.expertsInRam],
    plan.devices.map(({ id, layers }) => [id, layers]),
  ]);
}
