import type { MonitorSeries } from "@deskside/contract";
import { expect, test } from "vitest";
import { energyBetween } from "./energy.ts";

function series(at: number[], power: Record<string, (number | null)[]>, resolutionMs = 1000): MonitorSeries {
  return {
    ...{ resolutionMs, at },
    gpus: Object.keys(power).map((id) => ({ id, name: id })),
    values: Object.fromEntries(Object.entries(power).map(([id, values]) => [`gpu.${id}.power`, values])),
  };
}

test("constant power times time, and a ramp by its mean", () => {
  expect(energyBetween(series([0, 1000, 2000, 3000], { a: [100, 100, 100, 100] }), 500, 2500)).toBeCloseTo(200, 9);
  expect(energyBetween(series([0, 1000, 2000], { a: [0, 100, 200] }), 0, 2000)).toBeCloseTo(200, 9);
  expect(energyBetween(series([0, 1000], { a: [0, 100] }), 250, 750)).toBeCloseTo(25, 9);
});

test("several GPUs add up; one that reports no power does not count", () => {
  const both = series([0, 1000, 2000], { a: [100, 100, 100], b: [50, 50, 50], c: [null, null, null] });
  expect(energyBetween(both, 0, 2000)).toBeCloseTo(300, 9);
});

test("where nothing reports power there is no figure, not zero", () => {
  expect(energyBetween(series([0, 1000], {}), 0, 1000)).toBeNull();
  expect(energyBetween(series([0, 1000], { a: [null, null] }), 0, 1000)).toBeNull();
  expect(energyBetween(series([], { a: [] }), 0, 1000)).toBeNull();
  expect(energyBetween(series([0, 1000], { a: [100, 100] }), 500, 500)).toBeNull();
});

test("a missing reading is bridged, a gap is not", () => {
  expect(energyBetween(series([0, 1000, 2000, 3000], { a: [100, null, 100, 100] }), 0, 3000)).toBeCloseTo(300, 9);
  expect(energyBetween(series([0, 1000, 10_000, 11_000], { a: [100, 100, 100, 100] }), 0, 11_000)).toBeNull();
});

test("the end of an answer just after the last reading is covered by that reading, not more", () => {
  expect(energyBetween(series([0, 1000], { a: [100, 100] }), 0, 1900)).toBeCloseTo(190, 9);
  expect(energyBetween(series([0, 1000], { a: [100, 100] }), 0, 9000)).toBeNull();
});

test("a coarse past says nothing about a short answer", () => {
  const minutes = series([0, 60_000, 120_000, 180_000], { a: [100, 100, 100, 100] }, 60_000);
  expect(energyBetween(minutes, 61_000, 64_000)).toBeNull();
  expect(energyBetween(minutes, 0, 150_000)).toBeCloseTo(15_000, 6);
});
