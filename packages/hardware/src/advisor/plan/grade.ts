import type { FitGrade, FitPlan, MachineProfile, Prediction, WhyCpu } from "@deskside/contract";
import { comfortBytes, spareBytes } from "./budgets.ts";

export interface GradeOptions {
  readonly keepFreeBytes: number;
  /** Tokens that were wanted; fewer in the plan make it tight. 0 = whatever the plan has. */
  readonly wantedContext: number;
  /** Why the plan leaves the GPU out, as `planFit` says. */
  readonly whyCpu: WhyCpu | null;
}

/**
 * How well a plan fits: `too-large` does not; `uses-ram` leaves layers in RAM because the memory of a GPU of its own
 * is too small; `tight` has less than 0.5 GB to spare or less context than wanted.
 */
export function gradeOf(
  predicted: Prediction,
  machine: MachineProfile,
  plan: FitPlan,
  { keepFreeBytes, wantedContext, whyCpu }: GradeOptions,
): FitGrade {
  const { gpu, ram } = spareBytes(predicted, plan, machine, keepFreeBytes);
  const spare = gpu === null ? ram : Math.min(gpu, ram);
  if (spare < 0) return "too-large";
  const shares = plan.devices.some(({ id }) => machine.gpus.some((each) => each.id === id && each.unified));
  const inPart = plan.api !== "none" && plan.gpuLayers < plan.totalLayers && !shares;
  if (inPart || (plan.api === "none" && whyCpu === "too-little-vram")) return "uses-ram";
  return spare < comfortBytes || plan.contextSize < wantedContext ? "tight" : "fits";
}
