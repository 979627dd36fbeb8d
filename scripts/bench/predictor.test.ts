import { decodeConstants, noCalibration, predictSpeed } from "@deskside/hardware";
import { describe, expect, test } from "vitest";
import { fitConstants } from "./predictor/fit-constants.ts";
import { plotAsSvg, plotAsText } from "./predictor/plot.ts";
import { readPredictorData } from "./predictor/published-rows.ts";
import { reportOf } from "./predictor.ts";

const data = readPredictorData();
const report = reportOf(data);

describe("prediction against published measurements", () => {
  test("the median error is at most 15 %, and 90 % are within 35 %", () => {
    expect(report.all.rows).toBeGreaterThanOrEqual(160);
    expect(report.all.medianError).toBeLessThanOrEqual(0.15);
    expect(report.all.within35).toBeGreaterThanOrEqual(0.9);
  });

  test("both hold for devices that the fit has not seen", () => {
    expect(report.unseen.rows).toBe(report.all.rows);
    expect(report.unseen.medianError).toBeLessThanOrEqual(0.15);
    expect(report.unseen.within35).toBeGreaterThanOrEqual(0.9);
  });

  test("every measurement is either predicted or left out for a named reason", () => {
    const left = Object.values(report.excluded).flat();
    expect(report.points.length + left.length).toBe(218);
    expect(left.length).toBeLessThan(50);
  });

  test("the constants in use are what the fit finds", () => {
    for (const [group, [low, mid, high, mixture, microseconds]] of fitConstants(data.rows)) {
      const { efficiency, mixture: mixtureInUse, secondsPerLayer } = decodeConstants[group];
      expect([efficiency.low, efficiency.mid, efficiency.high, mixtureInUse], group).toEqual([low, mid, high, mixture]);
      expect(secondsPerLayer * 1e6, group).toBeCloseTo(microseconds, 6);
    }
  });

  test("the prompt speed is within a factor of two for 85 % of the rows that state one", () => {
    const ratios = data.rows.flatMap((row) => {
      const { promptTokensPerSecond } = predictSpeed(row.shape, row.plan, row.machine, {
        depth: 0,
        calibration: noCalibration,
        tflopsOf: data.tflopsOf,
      });
      const measured = row.measurement.promptTokensPerSecond;
      return measured && promptTokensPerSecond ? [promptTokensPerSecond / measured] : [];
    });
    expect(ratios.length).toBeGreaterThan(100);
    const near = ratios.filter((ratio) => ratio > 0.5 && ratio < 2).length;
    expect(near / ratios.length).toBeGreaterThan(0.85);
  });
});

describe("plot", () => {
  const points = [
    { id: "a", group: "one", measured: 10, predicted: 12 },
    { id: "b", group: "two", measured: 100_000, predicted: 0.001 },
  ];

  test("a point outside the axes stays on the edge", () => {
    const lines = plotAsText(points, 40, 10).split("\n");
    expect(lines.filter((line) => line.includes("b")).length).toBeGreaterThan(0);
    expect(lines[10]?.endsWith("b")).toBe(true);
  });

  test("the picture holds every point and no broken number", () => {
    const svg = plotAsSvg(points, "two");
    expect(svg.match(/<title>/g)).toHaveLength(2);
    expect(svg).not.toContain("NaN");
  });
});
