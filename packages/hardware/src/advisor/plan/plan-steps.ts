import type { FitPlan, KvType } from "@deskside/contract";
import type { FitWish, ModelShape } from "../model-shape.ts";
import { budgetSum, type GpuSet } from "./budgets.ts";
import { splitLayers } from "./layer-split.ts";

/** Tokens. What a person gets without asking, and what it grows to where memory lies idle. */
const usualContext = 8192;
const largestFreeContext = 32_768;
const processorContext = 4096;
const smallContexts = [4096, 2048];
const batchSize = 512;

/** A context and the type of its cache. */
export interface Step {
  readonly contextSize: number;
  readonly kvType: KvType;
}

/** Tokens a person gets who fixed none: as trained, at most the usual; less where layers are in RAM. */
export function wantedContext(
  shape: ModelShape,
  wish: FitWish,
  { gpuLayers, totalLayers }: Pick<FitPlan, "gpuLayers" | "totalLayers">,
): number {
  return wish.contextSize ?? Math.min(trained(shape), gpuLayers < totalLayers ? processorContext : usualContext);
}

/** The same with everything in video memory. */
export function usualContextOf(shape: ModelShape, wish: FitWish): number {
  return wish.contextSize ?? Math.min(trained(shape), usualContext);
}

/** With everything in video memory, best first: grown, as wanted, quantized cache, less context. */
export function stepsOnGpu(shape: ModelShape, wish: FitWish): Step[] {
  const wanted = usualContextOf(shape, wish);
  const grown = wish.contextSize === null ? halvesDown(Math.min(trained(shape), largestFreeContext), wanted) : [];
  const [first, second] = kvTypesOf(shape, wish);
  const last = second ?? first;
  return uniqueSteps([
    ...grown.map((contextSize) => ({ contextSize, kvType: first })),
    { contextSize: wanted, kvType: first },
    { contextSize: wanted, kvType: last },
    ...smallerContexts(wanted, wish).map((contextSize) => ({ contextSize, kvType: last })),
  ]);
}

/** In RAM, wholly or in part: a smaller context to begin with. */
export function stepsInRam(shape: ModelShape, wish: FitWish): Step[] {
  const wanted = wish.contextSize ?? Math.min(trained(shape), processorContext);
  const [first, second] = kvTypesOf(shape, wish);
  const last = second ?? first;
  return uniqueSteps([
    { contextSize: wanted, kvType: first },
    { contextSize: wanted, kvType: last },
    ...smallerContexts(wanted, wish).map((contextSize) => ({ contextSize, kvType: last })),
  ]);
}

export function planOnGpu(shape: ModelShape, wish: FitWish, set: GpuSet, gpuLayers: number, step: Step): FitPlan {
  const weights = set.devices.map(({ budgetBytes }) => budgetBytes);
  const counts = budgetSum(set.devices) > 0 ? splitLayers(gpuLayers, weights) : [];
  return {
    ...basis(shape, wish, step),
    api: set.api,
    gpuLayers,
    devices: set.devices.map(({ gpu: { id, name } }, index) => ({ id, name, layers: counts[index] ?? 0 })),
  };
}

export function planInRam(shape: ModelShape, wish: FitWish, step: Step): FitPlan {
  return { ...basis(shape, wish, step), api: "none", gpuLayers: 0, devices: [] };
}

/** Repeating layers and the output. */
export function totalLayersOf(shape: ModelShape): number {
  return shape.layers.length + 1;
}

function basis(shape: ModelShape, wish: FitWish, step: Step) {
  return {
    totalLayers: totalLayersOf(shape),
    contextSize: step.contextSize,
    kvType: step.kvType,
    slots: wish.slots,
    threads: wish.threads,
    batchSize,
    flashAttention: supportsFlashAttention(shape),
    expertsInRam: false,
  };
}

/**
 * llama.cpp's flash attention needs keys and values of one length, and its gemma2 and grok graphs do without
 * (node-llama-cpp, `GgufInsights.flashAttentionSupported`).
 */
export function supportsFlashAttention(shape: ModelShape): boolean {
  if (shape.architecture === "gemma2" || shape.architecture === "grok") return false;
  return shape.layers.every(({ memory, keyLength, valueLength }) => {
    if (memory === "latent") return false;
    return memory === "recurrent" || memory === "none" || keyLength === valueLength;
  });
}

/** The person's type alone, else f16 and then q8_0; a quantized cache needs flash attention. Never q4_0 unasked. */
function kvTypesOf(shape: ModelShape, wish: FitWish): [KvType, KvType?] {
  if (wish.kvType !== "auto") return [wish.kvType];
  return supportsFlashAttention(shape) ? ["f16", "q8_0"] : ["f16"];
}

function trained(shape: ModelShape): number {
  return shape.contextTrained > 0 ? shape.contextTrained : usualContext;
}

/** Half of it, and so on, larger than `least`. */
function halvesDown(from: number, least: number): number[] {
  const found: number[] = [];
  for (let size = from; size > least; size = Math.floor(size / 2)) found.push(size);
  return found;
}

function smallerContexts(wanted: number, wish: FitWish): number[] {
  if (wish.contextSize !== null) return [];
  return smallContexts.filter((size) => size < wanted);
}

function uniqueSteps(steps: readonly Step[]): Step[] {
  return steps.filter(
    (step, index) =>
      steps.findIndex(({ contextSize, kvType }) => contextSize === step.contextSize && kvType === step.kvType) ===
      index,
  );
}
