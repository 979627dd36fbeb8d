import type { MachineProfile } from "@deskside/contract";
import { describe, expect, test } from "vitest";
import { sampleMachines, sampleShapes, sampleWish } from "../../testing/advisor-samples.ts";
import { estimateMemory } from "../memory/estimate-memory.ts";
import { noCalibration } from "../model-shape.ts";
import { planFit, spareOf } from "./plan-fit.ts";

/** The planner with the formulas for memory it is used with. */
function plansFor(shape: keyof typeof sampleShapes, machine: MachineProfile) {
  const { instructionSets } = machine.cpu;
  return planFit({
    ...{ shape: sampleShapes[shape], machine, wish: sampleWish, calibration: () => noCalibration },
    estimateMemory: (model, plan) => estimateMemory(model, plan, { instructionSets }),
  });
}

const shapes = Object.keys(sampleShapes) as (keyof typeof sampleShapes)[];

describe("plans with the real estimate", () => {
  test.each(shapes)("%s: every plan but the last fits, and takes no more of the GPUs than the one before", (shape) => {
    for (const [name, machine] of Object.entries(sampleMachines)) {
      const { loads } = plansFor(shape, machine);
      for (const load of loads.slice(0, -1)) {
        expect(spareOf(load, machine, sampleWish.keepFreeBytes), name).toBeGreaterThanOrEqual(0);
      }
      for (const [, list] of Map.groupBy(loads, ({ plan }) => plan.api)) {
        const onGpus = list.map(({ predicted }) =>
          predicted.devices.filter((device) => device.name !== "RAM").reduce((sum, { bytes }) => sum + bytes, 0),
        );
        expect(onGpus, name).toEqual(onGpus.toSorted((a, b) => b - a));
      }
    }
  });

  test.each(shapes)("%s: more free video memory never puts fewer layers on the GPU", (shape) => {
    let before = 0;
    for (let free = 1; free <= 40; free++) {
      const gpus = sampleMachines.desktop4090.gpus.map((gpu) => ({ ...gpu, vramFreeBytes: free * 2 ** 30 }));
      const layers = plansFor(shape, { ...sampleMachines.desktop4090, gpus }).loads[0]?.plan.gpuLayers ?? 0;
      expect(layers, `${free} GiB`).toBeGreaterThanOrEqual(before);
      before = layers;
    }
  });
});
