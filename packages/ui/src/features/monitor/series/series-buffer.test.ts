import { gpuKey, type MonitorSample } from "@deskside/contract";
import { sampleGpuReading, sampleGpus, sampleMonitor, toSeries } from "@deskside/testing/fake-client";
import { describe, expect, it } from "vitest";
import { createSeriesBuffer, hasReadings, maxOf, meanOf, rangeMs, sumColumns } from "./series-buffer.ts";

const [gpu] = sampleGpus(1).map(sampleGpuReading);
if (!gpu) throw new Error("no sample");

const reading = (at: number, cpu: number | null, patch: Partial<MonitorSample> = {}): MonitorSample =>
  sampleMonitor({ at, cpu: { utilisation: cpu, temperature: null }, ...patch });
const history = (count: number, cpu: (index: number) => number | null) =>
  toSeries(Array.from({ length: count }, (_, index) => reading(1000 * (index + 1), cpu(index))));

describe("a series that is kept as it came", () => {
  it("grows at its end and forgets what is older than its span", () => {
    const buffer = createSeriesBuffer();
    buffer.load(
      history(60, (index) => index),
      rangeMs["1m"],
    );
    expect(buffer.dense).toBe(false);
    expect(buffer.at).toHaveLength(60);
    for (let second = 61; second <= 90; second++) buffer.push(reading(second * 1000, 7));
    expect(buffer.at.at(0)).toBe(30_000);
    expect(buffer.at.at(-1)).toBe(90_000);
    expect(buffer.column("cpu")).toHaveLength(buffer.at.length);
    expect(buffer.column("cpu").slice(0, 2)).toEqual([29, 30]);
  });

  it("takes no reading twice and none from the past, and counts only changes", () => {
    const buffer = createSeriesBuffer();
    buffer.load(
      history(3, () => 1),
      rangeMs["1m"],
    );
    const { version } = buffer;
    buffer.push(reading(3000, 99));
    buffer.push(reading(1000, 99));
    expect(buffer.version).toBe(version);
    expect(buffer.column("cpu")).toEqual([1, 1, 1]);
  });

  it("has no value, not zero, where nothing was reported", () => {
    const buffer = createSeriesBuffer();
    buffer.load(
      history(2, (index) => (index === 0 ? null : 4)),
      rangeMs["1m"],
    );
    expect(buffer.column("cpu")).toEqual([null, 4]);
    expect(buffer.column("cpu.temperature")).toEqual([null, null]);
    expect(buffer.column("never heard of")).toEqual([null, null]);
    expect(buffer.mean("cpu.temperature")).toBeNull();
    expect(buffer.mean("cpu")).toBe(4);
  });

  it("takes in a card that appears later, and leaves a gap when it is gone", () => {
    const buffer = createSeriesBuffer();
    buffer.load(
      history(2, () => 1),
      rangeMs["1m"],
    );
    buffer.push(reading(3000, 1, { gpus: [gpu] }));
    buffer.push(reading(4000, 1));
    expect(buffer.gpus.map(({ id }) => id)).toEqual([gpu.id]);
    expect(buffer.column(gpuKey(gpu.id, "temperature"))).toEqual([null, null, 67, null]);
  });

  it("is empty before anything came, and stays so for an empty history", () => {
    const buffer = createSeriesBuffer();
    buffer.load(toSeries([]), rangeMs["1m"]);
    expect(buffer.at).toEqual([]);
    expect(buffer.column("cpu")).toEqual([]);
    expect(buffer.sum("engine.tokens")).toBe(0);
    buffer.push(reading(5000, 3));
    expect(buffer.column("cpu")).toEqual([3]);
  });
});

describe("a long series", () => {
  const buffer = createSeriesBuffer();
  const peak = 54_321;
  const count = 100_000;
  buffer.load(
    history(count, (index) => (index === peak ? 100 : index === peak + 5 ? 0 : 50)),
    count * 1000,
  );

  it("is thinned to what a chart can show, and loses no peak", () => {
    expect(buffer.dense).toBe(true);
    expect(buffer.at.length).toBeLessThan(1000);
    const column = buffer.column("cpu");
    expect(column).toHaveLength(buffer.at.length);
    const row = column.indexOf(100);
    expect(Math.abs((buffer.at[row] ?? 0) - 1000 * (peak + 1))).toBeLessThan(600_000);
    // The least value came after the greatest: it is drawn after it.
    expect(column.indexOf(0)).toBe(row + 1);
  });

  it("means over all readings, not over those that are drawn", () => {
    expect(buffer.mean("cpu")).toBeCloseTo(50, 5);
  });

  it("goes on growing and forgetting by buckets", () => {
    const rows = buffer.at.length;
    for (let second = 1; second <= 2000; second++) buffer.push(reading((count + second) * 1000, 80));
    expect(Math.abs(buffer.at.length - rows)).toBeLessThanOrEqual(4);
    expect(buffer.at.at(0)).toBeGreaterThan(0);
    expect(buffer.column("cpu").at(-1)).toBe(80);
  });
});

describe("columns", () => {
  it("add up row by row; what no card reports stays unknown", () => {
    expect(
      sumColumns([
        [1, null, null],
        [2, 3, null],
      ]),
    ).toEqual([3, 3, null]);
    expect(sumColumns([])).toEqual([]);
  });

  it("tell what is known of them", () => {
    expect([hasReadings([null]), hasReadings([null, 0])]).toEqual([false, true]);
    expect([meanOf([null, 2, 4]), meanOf([])]).toEqual([3, null]);
    expect([maxOf([null, -2, -4]), maxOf([null])]).toEqual([-2, null]);
  });
});
