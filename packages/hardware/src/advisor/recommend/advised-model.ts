import type { FitPlan, MachineProfile } from "@deskside/contract";
import type { Calibration, FitWish, ModelShape } from "../model-shape.ts";
import { budgetSum, gpuSetOf, ramBudget } from "../plan/budgets.ts";
import type { EstimateMemory } from "../plan/plan-fit.ts";
import { whyNoGpu } from "../plan/why-cpu.ts";
import type { SpeedOptions } from "../speed/predict-speed.ts";
import { byPreference, isAllowedUnasked, quantLoss } from "./quant-policy.ts";

/** What the advisor reads of a model of the catalogue. */
export interface AdvisedModel {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly status: string;
  readonly params: {
    readonly totalB: number | null;
    readonly activeB: number | null;
    readonly exactB: number | null;
    readonly fromF16FileB?: number | null | undefined;
  };
  readonly arch: { readonly attention: string };
  readonly ggufRepos: readonly { readonly trust: string; readonly files: readonly AdvisedFile[] }[];
}

export interface AdvisedFile {
  readonly quant: string;
  readonly sizeBytes: number | null;
  readonly sizeBytesApprox: number | null;
}

/** What advice is made from, besides the machine and the models. */
export interface AdviceBasis<M extends AdvisedModel> {
  /** What a person fixed, for a model with this many bytes of weights. */
  readonly wish: (weightBytes: number) => FitWish;
  readonly calibration: (api: FitPlan["api"]) => Calibration;
  readonly estimateMemory: EstimateMemory;
  /** Null where the catalogue says too little. */
  readonly shapeOf: (model: M, file: M["ggufRepos"][number]["files"][number]) => ModelShape | null;
  readonly tflopsOf?: SpeedOptions["tflopsOf"];
}

export interface AdvisedVariant {
  readonly quantization: string;
  readonly shape: ModelShape;
}

/** Billions; null = nobody says. */
export function billionsOf({ params }: AdvisedModel): number | null {
  return params.exactB ?? params.fromF16FileB ?? params.totalB;
}

/** Chat and code, complete in the catalogue, an attention the engine can be relied on for. */
export function isAdvisable(model: AdvisedModel): boolean {
  const isRole = model.role === "chat" || model.role === "code";
  return isRole && model.status === "ok" && model.arch.attention !== "v4-sparse" && billionsOf(model) !== null;
}

/** A model trained in MXFP4 (gpt-oss) is that file: other types of it are repackings, about as large and no better. */
const trainedType = "MXFP4";

/** One per quantization, from the most trusted repository; community only for who asks by name. */
export function variantsOf<M extends AdvisedModel>(
  model: M,
  { shapeOf }: Pick<AdviceBasis<M>, "shapeOf">,
): AdvisedVariant[] {
  const found = new Map<string, AdvisedVariant>();
  const native = model.ggufRepos.some(({ files }) => files.some(({ quant }) => quant === trainedType));
  for (const trust of ["official", "runtime-maintainer", "vetted"]) {
    for (const repository of model.ggufRepos.filter((each) => each.trust === trust)) {
      for (const file of repository.files) {
        const passed =
          found.has(file.quant) || quantLoss(file.quant) === null || (native && file.quant !== trainedType);
        const shape = passed ? null : shapeOf(model, file);
        if (shape) found.set(file.quant, { quantization: file.quant, shape });
      }
    }
  }
  return [...found.values()];
}

/** Those that may be chosen without asking, in the order in which they are tried. */
export function preferredVariants<M extends AdvisedModel>(model: M, variants: readonly AdvisedVariant[]) {
  const billions = billionsOf(model) ?? 0;
  const better = byPreference(billions);
  return variants
    .filter(({ quantization }) => isAllowedUnasked(quantization, billions))
    .toSorted((a, b) => better(a.quantization, b.quantization));
}

/**
 * A number that sorts models by what they are likely to do: parameters, less what the quantization costs. Of a mixture
 * total^(2/3) · active^(1/3), which puts a 35B with 3B active beside a dense 15B. An order of thumb, without a test.
 */
export function qualityOf(model: AdvisedModel, quantization: string): number {
  const total = billionsOf(model) ?? 0;
  const active = model.params.activeB ?? total;
  return total ** (2 / 3) * Math.min(total, active) ** (1 / 3) * (1 - (quantLoss(quantization) ?? 1));
}

/** Bytes a model may take of the best set of GPUs; 0 without one. */
export function videoBudget(machine: MachineProfile, wish: FitWish): number {
  if (whyNoGpu(machine, wish) !== null) return 0;
  const apis = (["cuda", "metal", "vulkan"] as const).filter((api) => wish.apis.includes(api));
  return Math.max(0, ...apis.map((api) => budgetSum(gpuSetOf(api, machine, wish.keepFreeBytes)?.devices ?? [])));
}

/** The memory that can hold a model; what is larger needs no plan. */
export function memoryOfMachine(machine: MachineProfile, wish: FitWish): number {
  return ramBudget(machine, wish.keepFreeBytes) + videoBudget(machine, wish);
}
