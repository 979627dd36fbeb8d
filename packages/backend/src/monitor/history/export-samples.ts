import { gpuColumns, gpuKey, machineColumns, type MonitorRange, type MonitorSeries } from "@deskside/contract";

export interface ExportedSamples {
  readonly fileName: string;
  readonly text: string;
}

interface Column {
  readonly key: string;
  readonly unit: string;
  /** The GPU it is of; null for the machine. */
  readonly gpu: string | null;
}

/** `now` in milliseconds since 1970, for the name of the file. */
export function exportSamples(
  series: MonitorSeries,
  { range, format, now }: { range: MonitorRange; format: "csv" | "json"; now: number },
): ExportedSamples {
  const fileName = `deskside-monitor-${range}-${new Date(now).toISOString().slice(0, 10)}.${format}`;
  const columns = columnsOf(series);
  return { fileName, text: format === "csv" ? toCsv(series, columns) : toJson(series, columns, range) };
}

function columnsOf({ gpus }: MonitorSeries): Column[] {
  return [
    ...machineColumns.map(({ key, unit }) => ({ key, unit, gpu: null })),
    ...gpus.flatMap(({ id, name }) => gpuColumns.map(({ key, unit }) => ({ key: gpuKey(id, key), unit, gpu: name }))),
  ];
}

/** RFC 4180, UTF-8. The first line names columns and units; an empty field = not reported. */
function toCsv(series: MonitorSeries, columns: readonly Column[]): string {
  const head = columns.map(({ key, unit, gpu }) => `${key}${gpu === null ? "" : ` (${gpu})`} [${unit}]`);
  const lines = [["time", "at [ms]", ...head].map(quote).join(",")];
  for (const [row, at] of series.at.entries()) {
    const values = columns.map(({ key }) => series.values[key]?.[row] ?? "");
    lines.push([new Date(at).toISOString(), at, ...values].join(","));
  }
  return `${lines.join("\r\n")}\r\n`;
}

function quote(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

function toJson(series: MonitorSeries, columns: readonly Column[], range: MonitorRange): string {
  const { resolutionMs, gpus, at } = series;
  const values = columns.map(({ key, unit }) => ({ key, unit, values: series.values[key] ?? [] }));
  return `${JSON.stringify({ range, resolutionMs, gpus, at, columns: values })}\n`;
}
