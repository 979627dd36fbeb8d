import type { FitPlan, Prediction, WhyCpu } from "@deskside/contract";
import type { LoadPlanInput } from "@deskside/contract/engine";
import type { ResolvedModel } from "@deskside/model-library";
import type { Attached } from "../library/attachments/attachments.ts";

/** A plan and what it will take. */
export interface PlannedLoad {
  readonly plan: FitPlan;
  readonly predicted: Prediction;
  /** What the engine's process needs to see just these devices. */
  readonly env: Readonly<Record<string, string>>;
  /** Adapters and draft model that go with it; absent: none. */
  readonly attached?: Attached;
  /** Kept free on the GPUs for what is made only when an answer asks for it. Bytes. */
  readonly reservedGpuBytes?: number;
}

export interface PlannedLoads {
  /** Best first, each smaller than the one before; never empty. */
  readonly loads: readonly PlannedLoad[];
  /** Why the first plan does not use a GPU; null when it does. */
  readonly whyCpu: WhyCpu | null;
}

/** Decides how a model is put on this machine, as it is at this moment. Throws OUT_OF_MEMORY when nothing can fit. */
export type LoadPlanner = (model: ResolvedModel) => Promise<PlannedLoads>;

/** The plan as the engine takes it. */
export function engineInput(model: ResolvedModel, planned: PlannedLoad): LoadPlanInput {
  const { manifest } = model;
  const { plan } = planned;
  return {
    modelPath: model.path,
    modelName: model.description.name,
    purpose: model.description.role === "embedding" ? "embedding" : "chat",
    gpu: plan.api,
    gpuLayers: plan.gpuLayers,
    gpuBytes: sizesOf(planned).gpuBytes + (planned.reservedGpuBytes ?? 0),
    adapters: (planned.attached?.adapters ?? []).map(({ path, scale, name }) => ({ path, scale, name })),
    draftModelPath: planned.attached?.draft?.path ?? null,
    contextSize: plan.contextSize,
    batchSize: plan.batchSize,
    threads: plan.threads,
    slots: plan.slots,
    kvType: plan.kvType,
    flashAttention: plan.flashAttention,
    expertsInRam: plan.expertsInRam,
    chatTemplate: manifest?.template ?? null,
    reasoning: model.description.reasoning ?? null,
  };
}

/** Bytes of video memory and of RAM. */
export function sizesOf({ plan, predicted }: PlannedLoad) {
  const ramBytes = predicted.devices.find((device) => device.name === "RAM")?.bytes ?? 0;
  return { plan, ramBytes, gpuBytes: predicted.memoryBytes - ramBytes };
}
