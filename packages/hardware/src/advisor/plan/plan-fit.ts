import type { FitPlan, FitReason, MachineProfile, MemoryUse, Prediction, WhyCpu } from "@deskside/contract";
import type { Calibration, FitWish, ModelShape } from "../model-shape.ts";
import { predictSpeed, type SpeedOptions } from "../speed/predict-speed.ts";
import { comfortBytes, type GpuSet, gpuSetOf, spareBytes } from "./budgets.ts";
import { reasonsFor } from "./plan-reasons.ts";
import {
  planInRam,
  planOnGpu,
  type Step,
  stepsInRam,
  stepsOnGpu,
  totalLayersOf,
  usualContextOf,
  wantedContext,
} from "./plan-steps.ts";
import { whyNoGpu } from "./why-cpu.ts";

/** What a plan takes: "RAM", and the GPUs in the order of `plan.devices`. Corrected by what was measured here. */
export type EstimateMemory = (shape: ModelShape, plan: FitPlan) => MemoryUse;

export interface FitInput {
  readonly shape: ModelShape;
  readonly machine: MachineProfile;
  readonly wish: FitWish;
  /** What was learned about this model on this API. */
  readonly calibration: (api: FitPlan["api"]) => Calibration;
  readonly estimateMemory: EstimateMemory;
  readonly tflopsOf?: SpeedOptions["tflopsOf"];
}

export interface FitLoad {
  readonly plan: FitPlan;
  readonly predicted: Prediction;
}

export interface PlannedFits {
  /** Best first, on each API every one smaller than the one before; never empty. The last may be too large. */
  readonly loads: readonly FitLoad[];
  /** Why the first plan uses the processor alone; null when it uses a GPU. */
  readonly whyCpu: WhyCpu | null;
  readonly because: readonly FitReason[];
}

/** Below this share of layers on a GPU, transfers and the slow part eat the gain (8 GB laptop with a 27B: 4 tok/s). */
const worthwhileShare = 0.8;
/** Of the layers that fit: what is tried after a failure. */
const retreat = [1, 0.75, 0.5];

/**
 * How a model can be put on this machine as it is now. First everything in video memory at the wanted context (grown
 * where memory lies idle), then with a quantized cache, less context, fewer layers; the next API; RAM in the same
 * order. What the person fixed stays fixed. A budget is what is free less the larger of `keepFreeBytes` and 8 %.
 */
export function planFit(input: FitInput): PlannedFits {
  const { shape, machine, wish } = input;
  const none = whyNoGpu(machine, wish);
  const sets = none ? [] : gpuSetsOf(machine, wish);
  const onGpus = sets.flatMap((set) => loadsOn(set, input));
  const inRam = loadsInRam(input);
  const [first] = onGpus;
  const whyCpu = none ?? (first ? whySlower(first, inRam[0], input) : "too-little-vram");
  const loads = whyCpu ? inRam : [...onGpus, ...inRam];
  const head = loads[0];
  const because = head
    ? reasonsFor({
        ...{ shape, machine, wish, load: head, whyCpu, sets, wanted: wantedContext(shape, wish, head.plan) },
        memoryOf: (plan) => input.estimateMemory(shape, plan),
      })
    : [];
  return { loads, whyCpu, because };
}

/** Bytes that remain, at the narrowest place; negative = does not fit. */
export function spareOf({ plan, predicted }: FitLoad, machine: MachineProfile, keepFreeBytes: number): number {
  const { gpu, ram } = spareBytes(predicted, plan, machine, keepFreeBytes);
  return gpu === null ? ram : Math.min(gpu, ram);
}

function gpuSetsOf(machine: MachineProfile, wish: FitWish): GpuSet[] {
  const order = (["cuda", "metal", "vulkan"] as const).filter((api) => wish.apis.includes(api));
  const wanted = wish.device === "auto" ? order : order.filter((api) => api === wish.device);
  return wanted.map((api) => gpuSetOf(api, machine, wish.keepFreeBytes)).filter((set) => set !== null);
}

function loadsOn(set: GpuSet, input: FitInput): FitLoad[] {
  const total = totalLayersOf(input.shape);
  const fixed = input.wish.gpuLayers;
  if (fixed !== null && fixed < total) return fixedLoads(set, fixed, input);
  const whole = wholeLoads(set, input);
  if (fixed !== null) return whole.length > 0 ? whole : fixedLoads(set, total, input);
  const small = partStep(input);
  const largest = whole.length > 0 ? total - 1 : mostLayers(set, small, input);
  const parts = retreat.map((share) => Math.floor(largest * share)).filter((layers) => layers > 0);
  const unique = [...new Set(whole.length > 0 ? parts.slice(1) : parts)];
  return [
    ...whole,
    ...unique.map((layers) => load(planOnGpu(input.shape, input.wish, set, layers, small), input)),
  ].filter((each) => fits(each, input));
}

/** Everything in video memory; a grown context only with room to spare. */
function wholeLoads(set: GpuSet, input: FitInput): FitLoad[] {
  const { shape, wish, machine } = input;
  const wanted = usualContextOf(shape, wish);
  const found: FitLoad[] = [];
  for (const step of stepsOnGpu(shape, wish)) {
    const grown = step.contextSize > wanted;
    if (grown && found.length > 0) continue;
    const next = load(planOnGpu(shape, wish, set, totalLayersOf(shape), step), input);
    if (spareOf(next, machine, wish.keepFreeBytes) >= (grown ? comfortBytes : 0)) found.push(next);
  }
  return found;
}

/** The person's number of layers: what fits, or the smallest as a try. */
function fixedLoads(set: GpuSet, layers: number, input: FitInput): FitLoad[] {
  const steps = stepsOnGpu(input.shape, input.wish).filter(
    ({ contextSize }) => contextSize <= usualContextOf(input.shape, input.wish),
  );
  const all = steps.map((step) => load(planOnGpu(input.shape, input.wish, set, layers, step), input));
  const fitting = all.filter((each) => fits(each, input));
  return fitting.length > 0 ? fitting : all.slice(-1);
}

/** With layers in RAM, video memory is worth more than exactness of the cache. */
function partStep({ shape, wish }: FitInput): Step {
  const [first, second] = stepsInRam(shape, wish);
  const kept = second && second.contextSize === first?.contextSize ? second : first;
  if (!kept) throw new Error("a model without a context");
  return kept;
}

/** By halving: more layers never take less video memory. */
function mostLayers(set: GpuSet, step: Step, input: FitInput): number {
  let low = 0;
  let high = totalLayersOf(input.shape) - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const { predicted, plan } = load(planOnGpu(input.shape, input.wish, set, middle, step), input);
    const { gpu } = spareBytes(predicted, plan, input.machine, input.wish.keepFreeBytes);
    if ((gpu ?? 0) >= 0) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The smallest stays in the list even where it does not fit: it can be tried, and fails with its cause. */
function loadsInRam(input: FitInput): FitLoad[] {
  const all = stepsInRam(input.shape, input.wish).map((step) => load(planInRam(input.shape, input.wish, step), input));
  return all.filter((each, index) => index === all.length - 1 || fits(each, input));
}

/** The processor alone is faster than the best a GPU can do. */
function whySlower(onGpu: FitLoad, inRam: FitLoad | undefined, input: FitInput): WhyCpu | null {
  const { wish } = input;
  if (!inRam || wish.device !== "auto" || wish.gpuLayers !== null || !fits(inRam, input)) return null;
  const gpu = onGpu.predicted.tokensPerSecond;
  const processor = inRam.predicted.tokensPerSecond;
  if (gpu === null || processor === null || processor <= gpu) return null;
  const { gpuLayers, totalLayers } = onGpu.plan;
  if (gpuLayers === totalLayers) return "model-is-tiny";
  return gpuLayers < totalLayers * worthwhileShare ? "too-little-vram" : null;
}

function fits(each: FitLoad, { machine, wish }: FitInput): boolean {
  return spareOf(each, machine, wish.keepFreeBytes) >= 0;
}

function load(plan: FitPlan, { shape, machine, calibration, estimateMemory, tflopsOf }: FitInput): FitLoad {
  const speed = predictSpeed(shape, plan, machine, { depth: 0, calibration: calibration(plan.api), tflopsOf });
  return { plan, predicted: { ...estimateMemory(shape, plan), ...speed } };
}
