import type { Prediction } from "@deskside/contract";
import { describe, expect, test } from "vitest";
import {
  plainEstimate,
  sampleMachine,
  sampleMachines,
  sampleShapes,
  sampleWish,
} from "../../testing/advisor-samples.ts";
import { noCalibration } from "../model-shape.ts";
import { ramBudget, spareBytes } from "./budgets.ts";
import { gradeOf } from "./grade.ts";
import { splitLayers } from "./layer-split.ts";
import { planFit } from "./plan-fit.ts";

const gib = 2 ** 30;

function gradeOfFirst(shape: keyof typeof sampleShapes, machine: keyof typeof sampleMachines, wantedContext = 0) {
  const profile = sampleMachines[machine];
  const { loads, whyCpu } = planFit({
    ...{ shape: sampleShapes[shape], machine: profile, wish: sampleWish, estimateMemory: plainEstimate },
    calibration: () => noCalibration,
  });
  const [load] = loads;
  if (!load) throw new Error("no plan");
  return gradeOf(load.predicted, profile, load.plan, { keepFreeBytes: gib, wantedContext, whyCpu });
}

describe("grade", () => {
  test.each([
    ["dense7b", "desktop4090", "fits"],
    ["dense14b", "laptop4060", "uses-ram"],
    ["dense32b", "noGpu16", "too-large"],
    ["dense7b", "small8", "tight"],
    ["dense7b", "noGpu16", "fits"],
    ["dense32b", "strixHalo128", "fits"],
    ["dense7b", "llvmpipe", "fits"],
  ] as const)("%s on %s: %s", (shape, machine, grade) => {
    expect(gradeOfFirst(shape, machine)).toBe(grade);
  });

  test("less context than wanted is tight", () => {
    expect(gradeOfFirst("dense7b", "desktop4090", 65_536)).toBe("tight");
  });
});

describe("budget", () => {
  test("the larger of what is kept free and 8 % stays", () => {
    const machine = sampleMachine(100, []);
    expect(ramBudget(machine, gib)).toBeCloseTo(67 * gib, -3);
    expect(ramBudget(machine, 20 * gib)).toBeCloseTo(55 * gib, -3);
    expect(ramBudget(machine, 500 * gib)).toBe(0);
  });

  test("the narrowest GPU decides, whatever the names are", () => {
    const machine = sampleMachines.two3090;
    const [load] = planFit({
      ...{ shape: sampleShapes.dense7b, machine, wish: sampleWish, estimateMemory: plainEstimate },
      calibration: () => noCalibration,
    }).loads;
    if (!load) throw new Error("no plan");
    const [ram, first, second] = load.predicted.devices;
    if (!ram || !first || !second) throw new Error("no devices");
    const filled: Prediction = { ...load.predicted, devices: [first, ram, { ...second, bytes: 20 * gib }] };
    expect(spareBytes(filled, load.plan, machine, gib).gpu).toBeLessThan(0);
  });
});

describe("split", () => {
  test("sums to the layers, in proportion, first device first", () => {
    expect(splitLayers(33, [1, 1])).toEqual([17, 16]);
    expect(splitLayers(65, [22.5, 12])).toEqual([43, 22]);
    expect(splitLayers(10, [1, 0, 1])).toEqual([5, 0, 5]);
    expect(splitLayers(0, [1, 2])).toEqual([0, 0]);
    expect(splitLayers(5, [])).toEqual([]);
    expect(splitLayers(5, [0, 0])).toEqual([0, 0]);
    for (let layers = 1; layers < 100; layers++) {
      const counts = splitLayers(layers, [3.1, 7.7, 0.4]);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(layers);
    }
  });
});
