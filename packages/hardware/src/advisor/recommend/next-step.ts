import type { FitReason, MachineProfile } from "@deskside/contract";
import type { EstimateMemory, FitLoad } from "../plan/plan-fit.ts";
import { spareOf } from "../plan/plan-fit.ts";
import type { AdvisedVariant } from "./advised-model.ts";
import { quantLoss } from "./quant-policy.ts";

interface NextStepInput {
  readonly load: FitLoad;
  readonly quantization: string;
  readonly variants: readonly AdvisedVariant[];
  readonly machine: MachineProfile;
  readonly keepFreeBytes: number;
  readonly estimateMemory: EstimateMemory;
}

/** A next step has to be worth the download: at least this much less loss. */
const worthwhileGain = 0.01;

/** The next better file of the same model, put on the machine in the same way: what more it takes, what is missing. */
export function nextStep(input: NextStepInput): FitReason[] {
  const { load, machine, keepFreeBytes, estimateMemory } = input;
  const next = betterVariant(input);
  if (!next) return [];
  const use = estimateMemory(next.shape, load.plan);
  const spare = spareOf({ plan: load.plan, predicted: { ...load.predicted, ...use } }, machine, keepFreeBytes);
  const extraBytes = Math.max(0, use.memoryBytes - load.predicted.memoryBytes);
  return [
    { code: "next-step", data: { quantization: next.quantization, extraBytes, missingBytes: Math.max(0, -spare) } },
  ];
}

function betterVariant({ quantization, variants }: NextStepInput): AdvisedVariant | undefined {
  const loss = quantLoss(quantization);
  if (loss === null) return undefined;
  return variants
    .filter((each) => (quantLoss(each.quantization) ?? 1) <= loss - worthwhileGain)
    .toSorted((a, b) => (quantLoss(b.quantization) ?? 0) - (quantLoss(a.quantization) ?? 0))[0];
}
