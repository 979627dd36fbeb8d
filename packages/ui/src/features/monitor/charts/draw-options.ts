import uPlot from "uplot";
import { denseArea } from "./area-path.ts";
import type { ChartSpec } from "./chart-spec.ts";

/** What the plot reads at each drawing, so that new readings need no new plot. */
export interface DrawSource {
  readonly spec: ChartSpec;
  readonly from: number;
  readonly to: number;
  readonly time: (at: number) => string;
  /** The rows are the least and greatest of many readings. */
  readonly dense: boolean;
}

const steps = uPlot.paths.stepped?.({ align: 1 });

/** The colour a token has in the theme of now. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** One chart: hairline grid with three labels, 1.5 px lines, dashed thresholds, a cursor shared by `syncKey`. */
export function drawOptions(input: {
  source: () => DrawSource;
  syncKey: string;
  width: number;
  height: number;
  /** Zoom of the interface; all sizes inside the plot grow with it. */
  scale: number;
  onPoint: (row: number | null) => void;
}): uPlot.Options {
  const { source, syncKey, width, height, scale, onPoint } = input;
  const font = `${labelSize(scale)}px ${token("--font-ui")}`;
  return {
    width,
    height,
    ms: 1,
    legend: { show: false },
    padding: [6 * scale, 4 * scale, 0, 0],
    cursor: {
      sync: { key: syncKey },
      drag: { x: false, y: false },
      y: false,
      points: { size: 5 * scale, width: 0, fill: (plot, index) => seriesColor(plot, index) },
    },
    scales: {
      x: { time: false, range: () => [source().from, source().to] },
      y: { range: () => [0, source().spec.top] },
    },
    axes: [
      {
        stroke: () => token("--ink-3"),
        font,
        size: 18 * scale,
        gap: 4 * scale,
        grid: { show: false },
        ticks: { show: false },
        splits: (plot) => timeSplits(source(), plot.width / scale),
        values: (_plot, splits) => splits.map(source().time),
      },
      {
        stroke: () => token("--ink-3"),
        font,
        size: 36 * scale,
        gap: 6 * scale,
        grid: { stroke: () => token("--grid"), width: 1 },
        ticks: { show: false },
        splits: () => gridOf(source().spec),
        values: (_plot, splits) => splits.map((value) => source().spec.tick(value)),
      },
    ],
    series: [{}, ...drawnLines(source().spec).map((line) => seriesOptions(line, source(), scale))],
    hooks: {
      draw: [(plot) => drawThresholds(plot, source().spec, scale)],
      setCursor: [(plot) => onPoint(plot.cursor.idx ?? null)],
    },
  };
}

function gridOf({ grid, top }: ChartSpec): number[] {
  return grid ? [...grid] : [0, top / 2, top];
}

type Line = ChartSpec["lines"][number];

/** Stacked parts are drawn from the highest down, each over the one before. */
function drawnLines(spec: ChartSpec): readonly Line[] {
  return spec.stacked ? [...spec.lines].reverse() : spec.lines;
}

function seriesOptions(line: Line, { spec: { stacked }, dense }: DrawSource, scale: number): uPlot.Series {
  const filled = line.style !== "line";
  const color = () => token(line.color);
  return {
    label: line.label,
    width: stacked ? 0 : dense ? 1 : 1.5 * scale,
    stroke: color,
    // A line through one reading has no length: such a one is drawn as a dot.
    points: {
      show: false,
      size: 4,
      width: 0,
      fill: color,
      filter: (plot, index) => lonelyRows(plot.data[index] ?? []),
    },
    spanGaps: false,
    ...(filled && { fill: () => (stacked ? color() : tint(color())) }),
    ...(line.style === "step" && !dense && steps && { paths: steps }),
    ...(filled && dense && { paths: denseArea }),
  };
}

/** Rows that have a reading while their neighbours have none. */
export function lonelyRows(values: ArrayLike<number | null | undefined>): number[] {
  const known = (row: number) => values[row] !== null && values[row] !== undefined;
  return Array.from({ length: values.length }, (_, row) => row).filter(
    (row) => known(row) && !known(row - 1) && !known(row + 1),
  );
}

function seriesColor(plot: uPlot, index: number): string {
  const stroke = plot.series[index]?.stroke;
  const color = typeof stroke === "function" ? stroke(plot, index) : stroke;
  return typeof color === "string" ? color : token("--ink-3");
}

function tint(color: string): string {
  return /^#[0-9a-f]{6}$/i.test(color) ? `${color}1f` : "transparent";
}

/** Columns in the order of the series: time first; stacked ones summed from below. */
export function drawData(spec: ChartSpec, times: readonly number[]): uPlot.AlignedData {
  if (!spec.stacked) return [[...times], ...spec.lines.map(({ values }) => [...values])];
  const below = times.map(() => 0);
  const sums = spec.lines.map(({ values }) =>
    values.map((value, row) => {
      if (value === null) return null;
      below[row] = (below[row] ?? 0) + value;
      return below[row];
    }),
  );
  return [[...times], ...sums.reverse()];
}

/** About one label for 80 px, never at the very edges. */
function timeSplits({ from, to }: DrawSource, width: number): number[] {
  const count = Math.max(2, Math.min(6, Math.floor(width / 80)));
  const step = (to - from) / count;
  return Array.from({ length: count }, (_, index) => from + step * (index + 0.5));
}

/** Pixels of the labels on the axes; whole, because the plot reads no others. */
function labelSize(scale: number): number {
  return Math.round(Number.parseFloat(token("--fs-11")) * scale);
}

function drawThresholds(plot: uPlot, spec: ChartSpec, scale: number): void {
  const { ctx, bbox } = plot;
  for (const { value, label, side } of spec.thresholds) {
    const y = Math.round(plot.valToPos(value, "y", true));
    ctx.save();
    ctx.strokeStyle = token("--warn");
    ctx.fillStyle = token("--warn");
    ctx.lineWidth = uPlot.pxRatio;
    ctx.setLineDash([3 * uPlot.pxRatio, 3 * uPlot.pxRatio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.font = `${labelSize(scale) * uPlot.pxRatio}px ${token("--font-ui")}`;
    ctx.textAlign = side ?? "right";
    ctx.textBaseline = "bottom";
    const edge = side === "left" ? 2 * uPlot.pxRatio : bbox.width - 2 * uPlot.pxRatio;
    ctx.fillText(label, bbox.left + edge, y - 2 * uPlot.pxRatio);
    ctx.restore();
  }
}
