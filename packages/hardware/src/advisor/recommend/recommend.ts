import type { FitGrade, MachineProfile, Recommendation } from "@deskside/contract";
import { gradeOf } from "../plan/grade.ts";
import { type FitLoad, type PlannedFits, planFit } from "../plan/plan-fit.ts";
import { readingSpeed } from "../plan/plan-reasons.ts";
import { wantedContext } from "../plan/plan-steps.ts";
import {
  type AdviceBasis,
  type AdvisedModel,
  type AdvisedVariant,
  isAdvisable,
  memoryOfMachine,
  preferredVariants,
  qualityOf,
  variantsOf,
  videoBudget,
} from "./advised-model.ts";
import { nextStep } from "./next-step.ts";

export interface RecommendOptions<M extends AdvisedModel> extends AdviceBasis<M> {
  readonly limit: number;
}

/** A model with the quantization that was chosen for it. */
export interface RatedModel<M extends AdvisedModel> {
  readonly model: M;
  readonly variant: AdvisedVariant;
  readonly variants: readonly AdvisedVariant[];
  readonly load: FitLoad;
  readonly planned: PlannedFits;
  readonly grade: FitGrade;
  readonly quality: number;
}

/**
 * What of the catalogue runs best here: one line for each model, with the quantization of the policy, wholly in fast
 * memory (RAM where a GPU is absent or small) and at reading speed or more; best quality first. Empty where nothing fits.
 */
export function recommend<M extends AdvisedModel>(
  machine: MachineProfile,
  catalogue: { readonly models: readonly M[] },
  options: RecommendOptions<M>,
): Recommendation[] {
  return rateModels(machine, catalogue.models, options)
    .slice(0, options.limit)
    .map((rated) => recommendationOf(rated, machine, options));
}

/** All that can be recommended, best first. */
export function rateModels<M extends AdvisedModel>(
  machine: MachineProfile,
  models: readonly M[],
  basis: AdviceBasis<M>,
): RatedModel<M>[] {
  return models
    .filter(isAdvisable)
    .map((model) => rateModel(machine, model, basis))
    .filter((rated) => rated !== null)
    .toSorted((a, b) => b.quality - a.quality || a.model.id.localeCompare(b.model.id));
}

/** The first quantization in the order of the policy that runs well; null without one. */
function rateModel<M extends AdvisedModel>(
  machine: MachineProfile,
  model: M,
  basis: AdviceBasis<M>,
): RatedModel<M> | null {
  const variants = variantsOf(model, basis);
  const most = memoryOfMachine(machine, basis.wish(0));
  for (const variant of preferredVariants(model, variants)) {
    if (variant.shape.fileBytes - variant.shape.embeddingBytes > most) continue;
    const planned = planVariant(machine, variant, basis);
    const [load] = planned.loads;
    const grade = gradeOfPlans(planned, machine, variant, basis);
    if (!load || !isInFastMemory(load, grade, machine, variant, basis)) continue;
    if (isSlow(load)) return null;
    return { model, variant, variants, load, planned, grade, quality: qualityOf(model, variant.quantization) };
  }
  return null;
}

export function planVariant<M extends AdvisedModel>(
  machine: MachineProfile,
  { shape }: AdvisedVariant,
  { wish, calibration, estimateMemory, tflopsOf }: AdviceBasis<M>,
): PlannedFits {
  return planFit({ shape, machine, wish: wish(shape.fileBytes), calibration, estimateMemory, tflopsOf });
}

/** Of the first plan. */
export function gradeOfPlans<M extends AdvisedModel>(
  { loads: [load], whyCpu }: PlannedFits,
  machine: MachineProfile,
  { shape }: AdvisedVariant,
  basis: Pick<AdviceBasis<M>, "wish">,
): FitGrade {
  if (!load) return "too-large";
  const wish = basis.wish(shape.fileBytes);
  const wantedTokens = wantedContext(shape, wish, load.plan);
  const options = { keepFreeBytes: wish.keepFreeBytes, wantedContext: wantedTokens, whyCpu };
  return gradeOf(load.predicted, machine, load.plan, options);
}

/** Less context than this is no chat. */
const leastContext = 4096;
/** Video memory below this decides nothing: RAM is the memory of such a machine. */
const leastVideoMemory = 4 * 2 ** 30;

function isInFastMemory<M extends AdvisedModel>(
  { plan }: FitLoad,
  grade: FitGrade,
  machine: MachineProfile,
  { shape }: AdvisedVariant,
  { wish }: Pick<AdviceBasis<M>, "wish">,
): boolean {
  if (plan.contextSize < Math.min(leastContext, shape.contextTrained)) return false;
  if (grade === "uses-ram") return videoBudget(machine, wish(shape.fileBytes)) < leastVideoMemory;
  return grade !== "too-large";
}

/** An unknown speed is no reason against a model that fits. A smaller type is chosen for memory, not for speed. */
function isSlow({ predicted: { tokensPerSecond } }: FitLoad): boolean {
  return tokensPerSecond !== null && tokensPerSecond < readingSpeed;
}

function recommendationOf<M extends AdvisedModel>(
  { model, variant, variants, load, planned, grade }: RatedModel<M>,
  machine: MachineProfile,
  { wish, estimateMemory }: AdviceBasis<M>,
): Recommendation {
  const { plan, predicted } = load;
  const { quantization } = variant;
  const { keepFreeBytes } = wish(variant.shape.fileBytes);
  return {
    model: model.id,
    name: model.name,
    quantization,
    grade,
    contextSize: plan.contextSize,
    gpuLayers: plan.gpuLayers,
    kvType: plan.kvType,
    predicted,
    because: [
      { code: "best-quality", data: { quantization } },
      ...planned.because,
      ...nextStep({ load, quantization, variants, machine, keepFreeBytes, estimateMemory }),
    ],
  };
}
