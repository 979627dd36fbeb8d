import { sampleGpuReading, sampleGpus, sampleMonitor, toSeries } from "@deskside/testing/fake-client";
import { describe, expect, it } from "vitest";
import { createFormats } from "../../../format/formats.ts";
import { createI18n } from "../../../i18n/create-i18n.ts";
import { createSeriesBuffer, rangeMs } from "../series/series-buffer.ts";
import { heatCells } from "../topology/topology.tsx";
import { niceTop } from "./chart-spec.ts";
import { spreadRows } from "./chart-table.tsx";
import { drawData, lonelyRows } from "./draw-options.ts";
import { requestsChart } from "./engine-charts.ts";
import { heatChart, memoryChart, utilisationChart } from "./machine-charts.ts";

const text = { t: createI18n("en").t, language: "en", format: createFormats("en") } as const;
const gb = 1024 ** 3;

function inputOf(samples: Parameters<typeof toSeries>[0]) {
  const buffer = createSeriesBuffer();
  buffer.load(toSeries(samples), rangeMs["1m"]);
  return { buffer, text, range: "1 min", limits: { temperature: 87, firstToken: null } };
}

const withGpus = (count: number, patch: Partial<ReturnType<typeof sampleGpuReading>> = {}) =>
  sampleMonitor({ at: 1000, gpus: sampleGpus(count).map((gpu) => ({ ...sampleGpuReading(gpu), ...patch })) });

describe("charts of the machine", () => {
  it("stack video memory so that the parts add up to what is used", () => {
    const spec = memoryChart(inputOf([withGpus(2)]));
    const parts = spec.lines.map(({ values }) => values[0] ?? 0);
    expect(parts.reduce((sum, bytes) => sum + bytes, 0)).toBeCloseTo(2 * 11.3 * gb);
    const [times, ...drawn] = drawData(spec, [1000]);
    expect(times).toEqual([1000]);
    // From the highest down: each is drawn over the one before.
    expect(drawn[0]?.[0]).toBeCloseTo(2 * 11.3 * gb);
    expect(drawn.at(-1)?.[0]).toBeCloseTo(2 * 8.4 * gb);
  });

  it("leave a gap where memory was not reported", () => {
    const spec = memoryChart(inputOf([withGpus(1, { vramUsedBytes: null })]));
    expect(spec.lines.every(({ values }) => values[0] === null)).toBe(true);
    expect(spec.readings(0)[0]).toMatchObject({ value: "–", unit: "not reported" });
  });

  it("show a line for each card, and its mean only where there is one", () => {
    expect(
      utilisationChart(inputOf([withGpus(3)]))
        .readings(0)
        .map(({ note }) => note),
    ).toEqual(["GPU 0", "GPU 1", "GPU 2"]);
    expect(
      utilisationChart(inputOf([withGpus(1)]))
        .readings(0)
        .map(({ value }) => value),
    ).toEqual(["94", "94"]);
  });

  it("draw at most as many lines as there are colours", () => {
    expect(utilisationChart(inputOf([withGpus(8)])).lines).toHaveLength(5);
  });

  it("show the processor's temperature without a card, and the disk without that", () => {
    expect(heatChart(inputOf([sampleMonitor({ at: 1000 })])).title).toBe("Temperature");
    const cold = sampleMonitor({ at: 1000, cpu: { utilisation: 3, temperature: null } });
    expect(heatChart(inputOf([cold])).readings(0)[0]).toMatchObject({ value: "1.2", unit: "MB/s", note: "Read" });
  });

  it("keep the threshold inside the scale", () => {
    const spec = heatChart({
      ...inputOf([withGpus(1, { power: 20 })]),
      limits: { temperature: 140, firstToken: null },
    });
    expect(spec.top).toBeGreaterThanOrEqual(140);
    expect(spec.thresholds).toMatchObject([{ value: 140 }]);
  });

  it("have no figures before anything was read", () => {
    const empty = inputOf([]);
    expect(
      requestsChart(empty)
        .readings(null)
        .map(({ value }) => value),
    ).toEqual(["–", "–"]);
    expect(memoryChart(empty).readings(null)[0]?.value).toBe("–");
  });
});

describe("scales and rows", () => {
  it("end at 1, 2 or 5 times a power of ten", () => {
    expect([0, 7, 38, 51, 120, 999].map((value) => niceTop(value, 10))).toEqual([10, 10, 50, 100, 200, 1000]);
    expect(niceTop(null, 4)).toBe(5);
  });

  it("are spread evenly, the newest first, each once", () => {
    expect(spreadRows(0, 12)).toEqual([]);
    expect(spreadRows(1, 12)).toEqual([0]);
    expect(spreadRows(5, 12)).toEqual([4, 3, 2, 1, 0]);
    const rows = spreadRows(900, 12);
    expect([rows.length, rows[0], rows.at(-1), new Set(rows).size]).toEqual([12, 899, 0, 12]);
  });

  it("mark a reading that stands alone", () => {
    expect(lonelyRows([1, null, 2, 3, null, null, 4])).toEqual([0, 6]);
    expect(lonelyRows([])).toEqual([]);
  });

  it("average a part of the time in each cell, and leave cells without readings empty", () => {
    expect(heatCells([10, 20, 30, 40], 2)).toEqual([15, 35]);
    expect(heatCells([null, null, 30, null], 2)).toEqual([null, 30]);
    expect(heatCells([], 2)).toEqual([null, null]);
  });
});
