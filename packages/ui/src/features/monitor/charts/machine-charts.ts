import { gpuKey } from "@deskside/contract";
import { unknown } from "../../../format/formats.ts";
import type { Text } from "../../../i18n/use-text.ts";
import { type MemoryColumns, systemMemory, videoMemory } from "../series/memory-parts.ts";
import { type Column, hasReadings, maxOf, type SeriesBuffer } from "../series/series-buffer.ts";
import { type ChartColor, type ChartLine, type ChartSpec, niceTop, type Reading } from "./chart-spec.ts";

export interface ChartInput {
  readonly buffer: SeriesBuffer;
  readonly text: Text;
  /** The range in words. */
  readonly range: string;
  /** Degrees and milliseconds of the alerts that are switched on. */
  readonly limits: { readonly temperature: number | null; readonly firstToken: number | null };
}

export const lineColors: readonly ChartColor[] = ["--c-1", "--c-2", "--c-3", "--c-4", "--c-5"];

export const at = (column: Column, row: number | null): number | null => (row === null ? null : (column[row] ?? null));

/** A figure, or the word for what the system does not tell. */
export function reading(
  value: number | null,
  known: boolean,
  write: (value: number) => string,
  unit: string,
  { t }: Text,
): Reading {
  if (value !== null) return { value: write(value), unit };
  return known ? { value: unknown, unit } : { value: unknown, unit: t("monitor.notReported") };
}

/** Short names for cards: their number where there are several. */
export function gpuNames(gpus: SeriesBuffer["gpus"]): readonly string[] {
  return gpus.length === 1 ? gpus.map(({ name }) => name) : gpus.map((_, index) => `GPU ${index}`);
}

/** As many lines as there are colours: more would be a different chart, the heat map of the topology. */
function gpuLines(input: ChartInput, column: string, format: (value: number) => string): readonly ChartLine[] {
  const { buffer } = input;
  const names = gpuNames(buffer.gpus);
  return buffer.gpus.slice(0, lineColors.length).map(({ id }, index) => ({
    label: names[index] ?? id,
    color: lineColors[index] ?? "--c-1",
    values: buffer.column(gpuKey(id, column)),
    style: buffer.gpus.length === 1 ? "area" : "line",
    format,
  }));
}

function percentChart(
  input: ChartInput,
  id: string,
  title: string,
  lines: readonly ChartLine[],
  /** Of the only line. */
  mean: number | null,
): ChartSpec {
  const { text, range } = input;
  const { format, t } = text;
  const whole = (value: number) => format.number(value, 0);
  return {
    id,
    title,
    lines,
    stacked: false,
    top: 100,
    tick: whole,
    thresholds: [],
    readings: (row) => {
      const [only] = lines;
      if (lines.length !== 1 || !only) {
        return lines.map(({ label, color, values }) => ({
          ...reading(at(values, row), hasReadings(values), whole, "%", text),
          note: label,
          color,
        }));
      }
      return [
        reading(at(only.values, row), hasReadings(only.values), whole, "%", text),
        ...(mean === null ? [] : [{ value: whole(mean), unit: "%", note: t("monitor.mean", { range }) }]),
      ];
    },
  };
}

export function utilisationChart(input: ChartInput): ChartSpec {
  const { buffer, text } = input;
  const percent = (value: number) => text.format.percent(value / 100);
  const [first] = buffer.gpus;
  const mean = buffer.mean(first ? gpuKey(first.id, "utilisation") : "cpu");
  if (first) {
    return percentChart(input, "gpu", text.t("monitor.chart.gpu"), gpuLines(input, "utilisation", percent), mean);
  }
  const label = text.t("monitor.chart.cpu");
  const values = buffer.column("cpu");
  return percentChart(input, "cpu", label, [{ label, color: "--c-1", values, style: "area", format: percent }], mean);
}

export function memoryChart(input: ChartInput): ChartSpec {
  const { buffer, text } = input;
  const onGpu = buffer.gpus.length > 0;
  const memory = onGpu ? videoMemory(buffer) : systemMemory(buffer);
  const top = memory.totalBytes ?? niceTop(maxOf(memory.used), 1024 ** 3);
  return {
    id: "memory",
    title: text.t(onGpu ? "monitor.chart.vram" : "monitor.chart.ram"),
    lines: memoryLines(memory, text),
    stacked: true,
    // Room for the dashed line of all there is.
    top: memory.totalBytes === null ? top : top * 1.1,
    grid: memory.totalBytes === null ? [0, top / 2, top] : [0, top / 3, (top * 2) / 3],
    tick: (value) => text.format.gigabytes(value),
    thresholds: memory.totalBytes === null ? [] : [{ value: top, label: text.format.bytes(top) }],
    readings: (row) => [
      reading(
        at(memory.used, row),
        hasReadings(memory.used),
        text.format.gigabytes,
        memory.totalBytes === null ? "GB" : `/ ${text.format.gigabytes(memory.totalBytes)} GB`,
        text,
      ),
    ],
  };
}

function memoryLines(memory: MemoryColumns, { t, format }: Text): readonly ChartLine[] {
  return (["weights", "kv", "buffer", "other"] as const).map((part) => ({
    label: t(`monitor.series.${part}`),
    color: `--mem-${part}` as const,
    values: memory[part],
    style: "area",
    format: format.bytes,
  }));
}

/** One card: temperature and power. Several: a temperature each. None: the processor's, else what the disk does. */
export function heatChart(input: ChartInput): ChartSpec {
  const { buffer, text, limits } = input;
  const { t, format } = text;
  const [first, ...others] = buffer.gpus;
  if (!first && !hasReadings(buffer.column("cpu.temperature"))) return diskChart(input);
  const degrees = (id: string | null) => buffer.column(id === null ? "cpu.temperature" : gpuKey(id, "temperature"));
  const lines: readonly ChartLine[] =
    others.length > 0
      ? gpuLines(input, "temperature", format.celsius)
      : [
          {
            label: t("monitor.series.celsius"),
            color: "--c-2",
            values: degrees(first?.id ?? null),
            style: "line",
            format: format.celsius,
          },
          ...(first
            ? [
                {
                  label: t("monitor.series.watts"),
                  color: "--c-3" as const,
                  values: buffer.column(gpuKey(first.id, "power")),
                  style: "line" as const,
                  format: format.watts,
                },
              ]
            : []),
        ];
  const limit = first && limits.temperature !== null ? limits.temperature : null;
  const top = niceTop(Math.max(limit ?? 0, ...lines.map(({ values }) => maxOf(values) ?? 0)), 100);
  return {
    id: "heat",
    title: t(others.length > 0 || !first ? "monitor.series.celsius" : "monitor.chart.heat"),
    lines,
    stacked: false,
    top,
    tick: (value) => format.number(value, 0),
    thresholds: limit === null ? [] : [{ value: limit, label: format.celsius(limit), side: "left" as const }],
    readings: (row) =>
      lines.map(({ label, color, values, format: write }, index) => {
        const watts = first !== undefined && others.length === 0 && index === 1;
        const value = at(values, row);
        const figure = value === null ? unknown : write(value).replace(/ .*$/, "");
        const unit = hasReadings(values) ? (watts ? "W" : "°C") : t("monitor.notReported");
        return { value: figure, unit, note: label, color };
      }),
  };
}

function diskChart({ buffer, text }: ChartInput): ChartSpec {
  const { t, format } = text;
  const line = (key: string, label: string, color: ChartColor): ChartLine => ({
    label,
    color,
    values: buffer.column(key),
    style: "line",
    format: format.rate,
  });
  const lines = [
    line("disk.read", t("monitor.series.read"), "--c-2"),
    line("disk.write", t("monitor.series.write"), "--c-3"),
  ];
  const megabyte = 1_000_000;
  return {
    id: "disk",
    title: t("monitor.chart.disk"),
    lines,
    stacked: false,
    top: niceTop(Math.max(...lines.map(({ values }) => maxOf(values) ?? 0)), 10 * megabyte),
    tick: (value) => format.number(value / megabyte, 0),
    thresholds: [],
    readings: (row) =>
      lines.map(({ label, color, values }) => ({
        ...reading(at(values, row), hasReadings(values), (value) => format.number(value / megabyte, 1), "MB/s", text),
        note: label,
        color,
      })),
  };
}
