import type { FitPlan } from "@deskside/contract";
import type { ModelShape } from "../model-shape.ts";

/** Where the repeating layers and, behind them, the output layer lie: index into `plan.devices`, or "ram". */
export type Owner = number | "ram";

/**
 * llama.cpp offloads from the end: of L layers and the output layer, piece i is on a GPU when i ≥ L + 1 − gpuLayers.
 * GPUs take their share in the order of the plan; the last one takes what is left.
 */
export function ownersOf(shape: ModelShape, plan: FitPlan): Owner[] {
  const pieces = shape.layers.length + 1;
  const usable = plan.api !== "none" && plan.devices.length > 0;
  const offloaded = usable ? Math.min(Math.max(plan.gpuLayers, 0), pieces) : 0;
  const owners: Owner[] = Array.from({ length: pieces - offloaded }, () => "ram" as const);
  for (const [index, device] of plan.devices.entries()) {
    for (let layer = 0; layer < device.layers && owners.length < pieces; layer++) owners.push(index);
  }
  while (owners.length < pieces) owners.push(plan.devices.length - 1);
  return owners;
}
