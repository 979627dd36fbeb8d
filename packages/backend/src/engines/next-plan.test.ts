import type { FitPlan, LoadCause } from "@deskside/contract";
import { loadCauses } from "@deskside/contract";
import { expect, it } from "vitest";
import { nextPlan, type SizedPlan } from "./next-plan.ts";

const base: FitPlan = {
  ...{ api: "cuda", gpuLayers: 33, totalLayers: 33, contextSize: 8192, kvType: "f16", slots: 1, threads: 4 },
  ...{ batchSize: 512, flashAttention: true, expertsInRam: false, devices: [] },
};
const sized = (plan: Partial<FitPlan>, gpuBytes: number, ramBytes: number): SizedPlan => ({
  ...{ plan: { ...base, ...plan }, gpuBytes, ramBytes },
});
/** As the advisor orders them. */
const plans = [
  sized({}, 10, 1),
  sized({ kvType: "q8_0" }, 9, 1),
  sized({ contextSize: 4096, kvType: "q8_0" }, 8, 1),
  sized({ gpuLayers: 20, contextSize: 4096 }, 5, 4),
  sized({ api: "vulkan" }, 10, 1),
  sized({ api: "none", gpuLayers: 0 }, 0, 9),
  sized({ api: "none", gpuLayers: 0, contextSize: 2048 }, 0, 7),
];

it.each<[LoadCause, number, number | null]>([
  ["out-of-vram", 0, 1],
  ["vram-used-by-others", 2, 3],
  ["out-of-vram", 3, 5],
  ["out-of-ram", 0, null],
  ["out-of-ram", 5, 6],
  ["killed-by-system", 6, null],
  ["context-too-large", 1, 2],
  ["gpu-driver-missing", 0, 4],
  ["gpu-device-lost", 4, 5],
  ["crashed", 0, 4],
  ["crashed", 1, 3],
  ["crashed", 5, null],
  ["kv-type-needs-flash-attention", 1, 3],
  ["architecture-unknown", 0, null],
  ["file-truncated", 0, null],
  ["unknown", 0, 4],
])("%s at plan %i: %s", (cause, index, next) => {
  expect(nextPlan(plans, index, cause)).toBe(next);
});

it("always goes forward, whatever happens, and comes to an end", () => {
  for (const cause of loadCauses) {
    let index: number | null = 0;
    for (let steps = 0; index !== null; steps++) {
      const next: number | null = nextPlan(plans, index, cause);
      if (next !== null) expect(next).toBeGreaterThan(index);
      expect(steps).toBeLessThanOrEqual(plans.length);
      index = next;
    }
  }
  expect(nextPlan([], 0, "unknown")).toBeNull();
});
