import { createSampleBlock, type SampleBlock } from "@deskside/storage";
import { expect, test } from "vitest";
import { gpuOf, sampleAt, startAt } from "../test/make-sample.ts";
import { exportSamples } from "./export-samples.ts";
import { layoutOf, valuesOf } from "./sample-layout.ts";
import { buildSeries } from "./series.ts";

function blockOf(samples: readonly ReturnType<typeof sampleAt>[], id = "mon_a"): SampleBlock {
  const { gpus, columns } = layoutOf(samples[0]?.gpus ?? []);
  return createSampleBlock(
    { id, resolutionMs: 1000, gpus, columns },
    samples.map((sample) => ({ at: sample.at, values: valuesOf(sample) })),
  );
}

const window = { from: startAt, to: startAt + 60_000, points: 1000, resolutionMs: 1000 };
const seconds = (count: number, make: (second: number) => Parameters<typeof sampleAt>[1] = () => ({})) =>
  Array.from({ length: count }, (_, second) => sampleAt(startAt + second * 1000, make(second)));

test("all columns have the length of the times, and what was not reported is null", () => {
  const series = buildSeries(
    [blockOf(seconds(3, (second) => ({ cpu: second === 1 ? null : 10 + second / 3 })))],
    window,
  );
  expect(series.at).toEqual([startAt, startAt + 1000, startAt + 2000]);
  expect(series.values["cpu"]).toEqual([10, null, 10.67]);
  expect(series.values["engine.firstTokenP99"]).toEqual([null, null, null]);
  expect(series.values["memory.total"]).toEqual([16e9, 16e9, 16e9]);
  for (const column of Object.values(series.values)) expect(column).toHaveLength(3);
  expect(series.gpus).toEqual([]);
});

test("a GPU that came later has nulls before, and keys with its id", () => {
  const before = blockOf(seconds(2));
  const after = blockOf([sampleAt(startAt + 5000, { gpus: [gpuOf({ power: 123.456 })] })], "mon_b");
  const series = buildSeries([before, after], window);
  expect(series.gpus).toEqual([{ id: "0000:01:00.0", name: "Test GPU" }]);
  expect(series.values["gpu.0000:01:00.0.power"]).toEqual([null, null, 123.46]);
});

test("blocks in any order and a clock that was set back still give ascending times", () => {
  const late = blockOf([sampleAt(startAt + 9000, { cpu: 9 })], "mon_z");
  const early = blockOf(seconds(3, (second) => ({ cpu: second })));
  const again = blockOf([sampleAt(startAt + 500, { cpu: 5 })], "mon_y");
  const series = buildSeries([late, early, again], window);
  expect(series.at.map((at) => at - startAt)).toEqual([0, 500, 1000, 2000, 9000]);
  expect(series.values["cpu"]).toEqual([0, 5, 1, 2, 9]);
});

test("only rows inside the window, both ends included", () => {
  const series = buildSeries([blockOf(seconds(10))], { ...window, from: startAt + 2000, to: startAt + 4000 });
  expect(series.at.map((at) => at - startAt)).toEqual([2000, 3000, 4000]);
  expect(buildSeries([], window)).toMatchObject({ at: [], gpus: [], values: { cpu: [] } });
});

test("fewer points: means, peaks, lows and sums by column, never more rows than asked for", () => {
  const samples = seconds(60, (second) => ({
    cpu: second % 2 === 0 ? 0 : 100,
    gpus: [gpuOf({ temperature: second === 7 ? 99 : 60, power: second < 10 ? null : 50 })],
    freeBytes: second === 8 ? 1e9 : 5e9,
    engine: { tokens: 2 },
  }));
  const series = buildSeries([blockOf(samples)], { ...window, to: startAt + 60_000, points: 6 });
  expect(series.at.map((at) => at - startAt)).toEqual([0, 10_000, 20_000, 30_000, 40_000, 50_000]);
  expect(series.resolutionMs).toBe(10_000);
  expect(series.values["cpu"]).toEqual([50, 50, 50, 50, 50, 50]);
  expect(series.values["gpu.0000:01:00.0.temperature"]).toEqual([99, 60, 60, 60, 60, 60]);
  expect(series.values["gpu.0000:01:00.0.power"]?.slice(0, 2)).toEqual([null, 50]);
  expect(series.values["disk.free"]?.slice(0, 2)).toEqual([1e9, 5e9]);
  expect(series.values["engine.tokens"]).toEqual([20, 20, 20, 20, 20, 20]);
  for (const points of [10, 11, 17, 59]) {
    expect(buildSeries([blockOf(samples)], { ...window, points }).at.length).toBeLessThanOrEqual(points);
  }
});

test("CSV: units in the header, empty fields for what was not reported, names with commas and quotes quoted", () => {
  const name = 'GeForce "Super", 24\nGB';
  const samples = [
    sampleAt(startAt, { cpu: null, gpus: [gpuOf({ name })] }),
    sampleAt(startAt + 1000, { gpus: [gpuOf({ name })] }),
  ];
  const { fileName, text } = exportSamples(buildSeries([blockOf(samples)], window), {
    ...{ range: "1h", format: "csv", now: startAt },
  });
  expect(fileName).toBe("deskside-monitor-1h-2027-01-15.csv");
  const rows = parseCsv(text);
  expect(rows).toHaveLength(3);
  const [head, first, second] = rows;
  expect(head?.slice(0, 4)).toEqual(["time", "at [ms]", "cpu [percent]", "cpu.temperature [celsius]"]);
  expect(head).toContain(`gpu.0000:01:00.0.power (${name}) [watts]`);
  expect(new Set(rows.map((row) => row.length))).toEqual(new Set([34]));
  expect(first?.slice(0, 4)).toEqual([new Date(startAt).toISOString(), String(startAt), "", ""]);
  expect(second?.[2]).toBe("12.5");
  expect(text.endsWith("\r\n")).toBe(true);
});

test("JSON: the same with units beside the values", () => {
  const series = buildSeries([blockOf(seconds(2, () => ({ gpus: [gpuOf()] })))], window);
  const { text } = exportSamples(series, { range: "1m", format: "json", now: startAt });
  const parsed = JSON.parse(text) as { at: number[]; columns: { key: string; unit: string; values: unknown[] }[] };
  expect(parsed).toMatchObject({ range: "1m", resolutionMs: 1000, at: [startAt, startAt + 1000] });
  expect(parsed.columns.find(({ key }) => key === "cpu")).toEqual({
    key: "cpu",
    unit: "percent",
    values: [12.5, 12.5],
  });
  expect(parsed.columns.map(({ key }) => key).sort()).toEqual(Object.keys(series.values).sort());
});

/** A reader of RFC 4180 of its own, so that the writer is not checked by itself. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  let field = "";
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    if (quoted && character === '"' && text[at + 1] === '"') {
      field += '"';
      at++;
    } else if (character === '"') quoted = !quoted;
    else if (!quoted && (character === "," || text.startsWith("\r\n", at))) {
      rows.at(-1)?.push(field);
      field = "";
      if (character === ",") continue;
      at++;
      rows.push([]);
    } else field += character;
  }
  return rows.slice(0, -1);
}
