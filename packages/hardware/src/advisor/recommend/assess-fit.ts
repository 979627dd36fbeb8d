import type { FitReason, FitReport, MachineProfile } from "@deskside/contract";
import type { ModelShape } from "../model-shape.ts";
import type { FitLoad } from "../plan/plan-fit.ts";
import { type AdviceBasis, type AdvisedModel, type AdvisedVariant, qualityOf, variantsOf } from "./advised-model.ts";
import { nextStep } from "./next-step.ts";
import { isLowQuality, quantLoss } from "./quant-policy.ts";
import { gradeOfPlans, planVariant, type RatedModel, rateModels } from "./recommend.ts";

export interface AssessInput<M extends AdvisedModel> extends AdviceBasis<M> {
  /** How the report names the model: a catalogue id, or a file. */
  readonly model: string;
  readonly shape: ModelShape;
  readonly machine: MachineProfile;
  /** Where the shape comes from in the catalogue; null for a file that is not in it. */
  readonly known: M | null;
  readonly models: readonly M[];
}

/** Other quantizations, other models. */
const mostAlternatives = 6;

/** How a model fits this machine, why, and what would fit better. */
export function assessFit<M extends AdvisedModel>(input: AssessInput<M>): FitReport {
  const { shape, machine, model, known } = input;
  const variant: AdvisedVariant = { quantization: shape.quantization ?? "", shape };
  const planned = planVariant(machine, variant, input);
  const [load] = planned.loads;
  if (!load) throw new Error("a model without a plan");
  const grade = gradeOfPlans(planned, machine, variant, input);
  const variants = known ? variantsOf(known, input) : [];
  const fitsWell = grade === "fits" || grade === "tight";
  const smaller = rateModels(
    machine,
    input.models.filter((each) => each.id !== known?.id),
    input,
  ).filter((rated) => rated.variant.shape.parameters < shape.parameters);
  return {
    model,
    quantization: shape.quantization,
    grade,
    plan: load.plan,
    predicted: load.predicted,
    because: [
      ...planned.because,
      ...qualityReasons(variant),
      ...(fitsWell ? nextStepOf(load, variants, input) : []),
      ...smallerIsBetter(smaller[0], fitsWell, input),
    ],
    alternatives: [...otherVariants(variants, input), ...smaller.slice(0, 3).map(alternativeOf)].slice(
      0,
      mostAlternatives,
    ),
  };
}

function qualityReasons({ quantization }: AdvisedVariant): FitReason[] {
  return quantization !== "" && isLowQuality(quantization) ? [{ code: "low-quality", data: { quantization } }] : [];
}

function nextStepOf<M extends AdvisedModel>(
  load: FitLoad,
  variants: readonly AdvisedVariant[],
  { shape, machine, wish, estimateMemory }: AssessInput<M>,
): FitReason[] {
  const { keepFreeBytes } = wish(shape.fileBytes);
  return nextStep({ load, variants, machine, keepFreeBytes, estimateMemory, quantization: shape.quantization ?? "" });
}

/** A smaller model that runs well: better than this one out of fast memory, or than what its quantization left of it. */
function smallerIsBetter<M extends AdvisedModel>(
  best: RatedModel<M> | undefined,
  fitsWell: boolean,
  { shape, known }: AssessInput<M>,
): FitReason[] {
  if (!best) return [];
  const left = known && shape.quantization ? qualityOf(known, shape.quantization) : Number.POSITIVE_INFINITY;
  if (fitsWell && best.quality <= left) return [];
  const { model, variant, load } = best;
  const speed = load.predicted.tokensPerSecond;
  const data = { model: model.id, quantization: variant.quantization };
  return [{ code: "smaller-model-better", data: speed === null ? data : { ...data, tokensPerSecond: speed } }];
}

/** Of the same model, those that run better than too large, best quality first; the nearest below and above. */
function otherVariants<M extends AdvisedModel>(
  variants: readonly AdvisedVariant[],
  input: AssessInput<M>,
): FitReport["alternatives"] {
  const own = input.shape.quantization;
  const others = variants.filter(({ quantization }) => quantization !== own && !isLowQuality(quantization));
  return others
    .toSorted((a, b) => (quantLoss(a.quantization) ?? 1) - (quantLoss(b.quantization) ?? 1))
    .flatMap((variant) => {
      const planned = planVariant(input.machine, variant, input);
      const [load] = planned.loads;
      if (!load) return [];
      const grade = gradeOfPlans(planned, input.machine, variant, input);
      const { memoryBytes, tokensPerSecond } = load.predicted;
      const line = { model: input.model, quantization: variant.quantization, grade, memoryBytes, tokensPerSecond };
      return grade === "too-large" ? [] : [line];
    })
    .toSorted((a, b) => gradeOrder[a.grade] - gradeOrder[b.grade])
    .slice(0, 3);
}

const gradeOrder = { fits: 0, tight: 1, "uses-ram": 2, "too-large": 3 } as const;

function alternativeOf<M extends AdvisedModel>({ model, variant, grade, load }: RatedModel<M>) {
  const { memoryBytes, tokensPerSecond } = load.predicted;
  return { model: model.id, quantization: variant.quantization, grade, memoryBytes, tokensPerSecond };
}
