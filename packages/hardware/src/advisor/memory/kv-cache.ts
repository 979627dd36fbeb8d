import type { FitPlan, KvType } from "@deskside/contract";
import type { LayerShape, ModelShape } from "../model-shape.ts";

/** Bytes per element: block bytes ÷ block elements of ggml's types. */
export const kvBytesPerElement: Readonly<Record<KvType, number>> = {
  f32: 4,
  f16: 2,
  bf16: 2,
  q8_0: 34 / 32,
  q5_1: 24 / 32,
  q5_0: 22 / 32,
  q4_1: 20 / 32,
  q4_0: 18 / 32,
  iq4_nl: 18 / 32,
};

/** llama.cpp makes caches in steps of so many tokens. */
const cellStep = 256;

export function paddedTokens(tokens: number): number {
  return Math.ceil(Math.max(tokens, 1) / cellStep) * cellStep;
}

/** Tokens read at once: never more than the context holds. */
export function batchOf(plan: Pick<FitPlan, "batchSize" | "contextSize">): number {
  return Math.max(1, Math.min(plan.batchSize, plan.contextSize));
}

/**
 * Cells of one sequence: all of the context, or the window, a batch and one more where a layer forgets.
 * Source: llama_kv_cache_iswa in llama.cpp.
 */
export function cellsOf(layer: LayerShape, shape: ModelShape, plan: FitPlan): number {
  const whole = paddedTokens(plan.contextSize);
  if (layer.memory !== "sliding" || shape.slidingWindow === null) return whole;
  return Math.min(whole, paddedTokens(shape.slidingWindow + batchOf(plan) + 1));
}

/** Bytes of keys and values of one layer for all slots. 0 for layers that keep none. */
export function kvBytesOfLayer(layer: LayerShape, shape: ModelShape, plan: FitPlan): number {
  const elements = layer.kvHeads * (layer.keyLength + (layer.memory === "latent" ? 0 : layer.valueLength));
  return plan.slots * cellsOf(layer, shape, plan) * elements * kvBytesPerElement[plan.kvType];
}
