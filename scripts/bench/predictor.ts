// `npm run bench -- predictor`: predicted decode speed against published measurements, as a table and a plot.
// `--json`: the figures; `--refit`: constants as the fit finds them; `--rows`: every row; `--svg=FILE`: where the picture goes.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fitConstants, groupOf, predictRow, predictUnseen } from "./predictor/fit-constants.ts";
import { plotAsSvg, plotAsText, type PlotPoint } from "./predictor/plot.ts";
import { exclusions, type PredictorData, readPredictorData } from "./predictor/published-rows.ts";

const root = join(import.meta.dirname, "../..");

export interface ErrorSummary {
  readonly rows: number;
  /** Of |predicted ÷ measured − 1|. */
  readonly medianError: number;
  readonly within35: number;
}

export interface PredictorReport {
  readonly all: ErrorSummary;
  /** Fitted without the device that is predicted. */
  readonly unseen: ErrorSummary;
  readonly groups: Readonly<Record<string, ErrorSummary>>;
  readonly excluded: Readonly<Record<string, readonly string[]>>;
  readonly points: readonly PlotPoint[];
}

export async function run(args: readonly string[]): Promise<void> {
  const data = readPredictorData();
  if (args.includes("--refit")) return printConstants(data);
  const report = reportOf(data);
  const svg = resolve(
    root,
    args.find((argument) => argument.startsWith("--svg="))?.slice(6) ?? "docs/images/predictor.svg",
  );
  mkdirSync(dirname(svg), { recursive: true });
  writeFileSync(svg, plotAsSvg(report.points, describeErrors(report.all)));
  process.stdout.write(
    args.includes("--json") ? `${JSON.stringify(report)}\n` : describe(report, args.includes("--rows"), svg),
  );
}

export function reportOf({ rows, excluded }: PredictorData): PredictorReport {
  const points = rows.map((row) => ({
    id: row.measurement.id,
    group: `${groupOf(row)}${row.shape.experts ? ", experts" : ""}`,
    measured: row.measurement.tokensPerSecond,
    predicted: predictRow(row),
  }));
  const groups = Map.groupBy(points, ({ group }) => group);
  const reasons = Map.groupBy(excluded, ({ why }) => why);
  return {
    all: summaryOf(points),
    unseen: summaryOf(
      predictUnseen(rows).map(({ row, predicted }) => ({ measured: row.measurement.tokensPerSecond, predicted })),
    ),
    groups: Object.fromEntries([...groups].map(([group, members]) => [group, summaryOf(members)])),
    excluded: Object.fromEntries(
      [...reasons].map(([why, left]) => [why, left.map(({ measurement }) => measurement.id)]),
    ),
    points,
  };
}

function summaryOf(points: readonly Pick<PlotPoint, "measured" | "predicted">[]): ErrorSummary {
  const errors = points.map(({ measured, predicted }) => Math.abs(predicted / measured - 1)).toSorted((a, b) => a - b);
  const middle = errors.length / 2;
  const medianError = ((errors[Math.ceil(middle) - 1] ?? Number.NaN) + (errors[Math.floor(middle)] ?? Number.NaN)) / 2;
  return { rows: errors.length, medianError, within35: errors.filter((error) => error <= 0.35).length / errors.length };
}

function describe(report: PredictorReport, everyRow: boolean, svg: string): string {
  const groups = Object.entries(report.groups).toSorted(([a], [b]) => a.localeCompare(b));
  const line = (name: string, { rows, medianError, within35 }: ErrorSummary) =>
    `${name.padEnd(28)}${String(rows).padStart(5)}${percent(medianError).padStart(15)}${percent(within35).padStart(14)}`;
  const left = Object.entries(report.excluded).map(
    ([why, ids]) => `  ${String(ids.length).padStart(3)}  ${exclusions[why as keyof typeof exclusions]}`,
  );
  const rows = report.points.map(
    ({ id, measured, predicted }) =>
      `  ${id.padEnd(64)}${measured.toFixed(1).padStart(8)}${predicted.toFixed(1).padStart(8)}${percent(predicted / measured - 1).padStart(8)}`,
  );
  return [
    "Predicted decode speed against published measurements, one calibration for all",
    "",
    `${"group".padEnd(28)}${"rows".padStart(5)}${"median error".padStart(15)}${"within 35 %".padStart(14)}`,
    ...groups.map(([name, summary]) => line(name, summary)),
    line("all", report.all),
    line("all, device not in the fit", report.unseen),
    "",
    "left out:",
    ...left,
    ...(everyRow ? ["", `  ${"row".padEnd(64)}measured predicted error`, ...rows] : []),
    "",
    plotAsText(report.points),
    `picture: ${svg}`,
    "",
  ].join("\n");
}

function describeErrors({ rows, medianError, within35 }: ErrorSummary): string {
  return `${rows} measurements, median error ${percent(medianError)}, ${percent(within35)} within 35 %`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function printConstants({ rows }: PredictorData): void {
  process.stdout.write("group: low, mid, high, mixture, microseconds per layer\n");
  for (const [group, numbers] of fitConstants(rows)) process.stdout.write(`${group}: ${numbers.join(", ")}\n`);
}
