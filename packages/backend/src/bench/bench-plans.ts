import type { PlannedLoad } from "../engines/load-planner.ts";

/** Measuring more would take longer than anybody waits. */
const mostPlans = 4;

/** Of all plans for a model those that tell something new: the best of each API, each number of layers, each cache type. */
export function plansToMeasure(loads: readonly PlannedLoad[]): PlannedLoad[] {
  const seen = new Set<string>();
  const chosen = loads.filter(({ plan }) => {
    const key = [plan.api, plan.gpuLayers, plan.kvType].join(" ");
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  return chosen.slice(0, mostPlans);
}
