import { unknown } from "../../../format/formats.ts";
import { hasReadings, maxOf } from "../series/series-buffer.ts";
import { type ChartLine, type ChartSpec, niceTop, type Reading } from "./chart-spec.ts";
import { at, type ChartInput, reading } from "./machine-charts.ts";

export function speedChart({ buffer, text, range }: ChartInput): ChartSpec {
  const { t, format } = text;
  const values = buffer.column("engine.tokensPerSecond");
  const tokens = buffer.sum("engine.tokens");
  return {
    id: "speed",
    title: t("monitor.chart.speed"),
    lines: [{ label: t("monitor.chart.speed"), color: "--c-1", values, style: "area", format: format.speed }],
    stacked: false,
    top: niceTop(maxOf(values), 10),
    tick: (value) => format.number(value, 0),
    thresholds: [],
    readings: (row) => [
      reading(at(values, row), hasReadings(values), format.speedFigure, "tok/s", text),
      { value: format.integer(tokens), unit: t("monitor.series.tokens"), note: t("monitor.inRange", { range }) },
    ],
  };
}

export function firstTokenChart({ buffer, text, limits }: ChartInput): ChartSpec {
  const { t, format } = text;
  const line = (key: string, label: string, color: ChartLine["color"]): ChartLine => ({
    label,
    color,
    values: buffer.column(key),
    style: "line",
    format: format.duration,
  });
  const lines = [
    line("engine.firstTokenP50", t("monitor.series.p50"), "--c-1"),
    line("engine.firstTokenP99", t("monitor.series.p99"), "--c-4"),
  ];
  const limit = limits.firstToken;
  const top = niceTop(Math.max(limit ?? 0, ...lines.map(({ values }) => maxOf(values) ?? 0)), 1000);
  const seconds = (ms: number) => format.number(ms / 1000, ms < 10_000 ? 2 : 1);
  return {
    id: "first-token",
    title: t("monitor.chart.firstToken"),
    lines,
    stacked: false,
    top,
    tick: (value) => format.number(value / 1000, 1),
    thresholds: limit === null ? [] : [{ value: limit, label: format.span(limit) }],
    readings: (row) =>
      lines.map(({ label, color, values }): Reading => {
        const value = at(values, row);
        return { value: value === null ? unknown : seconds(value), unit: "s", note: label, color };
      }),
  };
}

export function requestsChart({ buffer, text }: ChartInput): ChartSpec {
  const { t, format } = text;
  const whole = (value: number) => format.number(value, 1);
  const line = (key: string, label: string, color: ChartLine["color"]): ChartLine => ({
    label,
    color,
    values: buffer.column(key),
    style: "step",
    format: whole,
  });
  const lines = [
    line("engine.running", t("monitor.series.running"), "--c-5"),
    line("engine.waiting", t("monitor.series.waiting"), "--c-2"),
  ];
  return {
    id: "requests",
    title: t("monitor.chart.requests"),
    lines,
    stacked: false,
    top: requestsTop(lines),
    tick: (value) => format.number(value, 0),
    thresholds: [],
    readings: (row) =>
      lines.map(({ label, color, values }) => ({
        value: at(values, row) === null ? unknown : whole(at(values, row) ?? 0),
        note: label,
        color,
      })),
  };
}

/** Even, so that the middle of the scale is a whole request. */
function requestsTop(lines: readonly ChartLine[]): number {
  const most = Math.max(4, ...lines.map(({ values }) => maxOf(values) ?? 0));
  return Math.ceil(most / 2) * 2;
}
