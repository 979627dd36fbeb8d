import type { Estimate, LoadPlan } from "@deskside/contract/engine";
import { GgmlType, GgufInsights, readGgufFileInfo } from "node-llama-cpp";
import { openLlama } from "../llama-runtime.ts";

/**
 * llama.cpp's own simulation of a plan: tensors are laid out, nothing is read or allocated. It leaves out weights the
 * CPU backend repacks, pages of the file that become resident, and the driver's own memory. Latent attention is counted
 * by its caches as llama.cpp makes them (keys only); the library's formula, used when the simulation fails, counts
 * them twice.
 * The file must have passed our own header check. Throws ENGINE_START_FAILED, MODEL_LOAD_FAILED.
 */
export async function estimatePlan(plan: LoadPlan, log: (line: string) => void): Promise<Estimate> {
  let simulated = true;
  const llama = await openLlama(plan.gpu, (line) => {
    if (line.includes("Falling back to estimation heuristic")) simulated = false;
    log(line);
  });
  const info = await readGgufFileInfo(plan.modelPath, { readTensorInfo: true });
  const insights = await GgufInsights.from(info, llama);
  const model = await insights.estimateModelResourceRequirementsV2({ gpuLayers: plan.gpuLayers });
  const kvType = ggmlTypeOf(plan.kvType);
  const context = await insights.estimateContextResourceRequirementsV2({
    contextSize: plan.contextSize,
    modelGpuLayers: plan.gpuLayers,
    batchSize: Math.min(plan.batchSize, plan.contextSize),
    sequences: plan.slots,
    flashAttention: plan.flashAttention ? "auto" : false,
    kvCacheKeyType: kvType,
    kvCacheValueType: kvType,
  });
  return {
    ram: { weightsBytes: model.cpuRam, contextBytes: context.cpuRam },
    gpu: { weightsBytes: model.gpuVram, contextBytes: context.gpuVram },
    exact: simulated,
  };
}

export function ggmlTypeOf(kvType: LoadPlan["kvType"]): GgmlType {
  return GgmlType[kvType.toUpperCase() as Uppercase<LoadPlan["kvType"]>];
}
