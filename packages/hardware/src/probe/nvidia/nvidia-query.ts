import { bytesOf, textOf } from "../loose-values.ts";

/** Asked first: an unknown field makes the whole call fail, so these are the ones every driver has. */
export const coreFields = [
  "index",
  "uuid",
  "pci.bus_id",
  "name",
  "driver_version",
  "memory.total",
  "memory.used",
  "memory.free",
] as const;
export const optionalFields = ["index", "compute_cap", "mig.mode.current"] as const;

/** One GPU by field name without unit; a missing value (`[N/A]`, `[Not Supported]` …) is left out. */
export type NvidiaRow = ReadonlyMap<string, string>;

export interface NvidiaTable {
  readonly rows: readonly NvidiaRow[];
  /** Lines that had too few or too many values. */
  readonly garbled: number;
}

const mostGpus = 256;

/** Set in a row of a GPU that answers only with "requires reset" or "is lost". */
export const resetMark = "needs-reset";

/**
 * Output of `nvidia-smi --query-gpu=… --format=csv`: a header `name, memory.total [MiB]`, one line per GPU, values with
 * units. Columns are found by the header. Source: captures of drivers 590–610 (utkuozdemir/nvidia_gpu_exporter).
 */
export function parseNvidiaTable(text: string): NvidiaTable {
  const lines = text.slice(0, 1024 * 1024).split(/\r?\n/);
  const start = lines.findIndex((line) =>
    /(?:^|, )(?:index|name|uuid|pci\.bus_id|memory\.total)(?: \[|,|$)/.test(line),
  );
  if (start < 0) return { rows: [], garbled: lines.filter((line) => line.trim().length > 0).length };
  const header = (lines[start] ?? "").split(", ").map((name) => name.replace(/\s*\[[^\]]*\]\s*$/, "").trim());
  const rows: NvidiaRow[] = [];
  let garbled = 0;
  for (const line of lines.slice(start + 1)) {
    if (line.trim() === "") continue;
    const values = line.split(", ");
    if (values.length !== header.length || rows.length >= mostGpus) {
      garbled++;
      continue;
    }
    const row = new Map(header.flatMap((name, at) => keep(name, values[at])));
    if (needsReset(line)) row.set(resetMark, "yes");
    rows.push(row);
  }
  return { rows, garbled };
}

function keep(name: string, value: string | undefined): [string, string][] {
  const text = textOf(value);
  return text === "" || isMissing(text) ? [] : [[name, text]];
}

/** How nvidia-smi says that it has no value. */
export function isMissing(text: string): boolean {
  return /^(?:\[.*\]|N\/A|Not Supported|Unknown Error|No data|None)$/i.test(text.trim());
}

/** Bytes of a memory field, in MiB where no unit is written. Null = not reported. */
export function memoryOf(row: NvidiaRow, field: string): number | null {
  return bytesOf(row.get(field) ?? "", "mib");
}

export function needsReset(text: string): boolean {
  return /GPU requires reset|GPU is lost|fallen off the bus/i.test(text);
}

/** `GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-…)` and its `  MIG 3g.40gb     Device  0: (UUID: MIG-…)`. */
export interface ListedGpu {
  readonly index: number;
  readonly name: string;
  readonly uuid: string | null;
  readonly slices: readonly { readonly profile: string; readonly device: number; readonly uuid: string }[];
}

/** Output of `nvidia-smi -L`. Older drivers name slices `MIG 1g.5gb Device 0: (UUID: MIG-GPU-…/1/0)`. */
export function parseNvidiaList(text: string): ListedGpu[] {
  const found: { index: number; name: string; uuid: string | null; slices: ListedGpu["slices"][number][] }[] = [];
  for (const line of text.slice(0, 256 * 1024).split(/\r?\n/)) {
    const gpu = /^GPU (\d{1,4}): (.{1,200}?)(?: \(UUID: ([\w-]+)\))?\s*$/.exec(line);
    if (gpu?.[1] && gpu[2] && found.length < mostGpus) {
      found.push({ index: Number(gpu[1]), name: textOf(gpu[2]), uuid: gpu[3] ?? null, slices: [] });
      continue;
    }
    const slice = /^\s+MIG (\S{1,40})\s+Device\s+(\d{1,3}): \(UUID: (MIG-[\w/-]+)\)/.exec(line);
    const owner = found.at(-1);
    if (slice?.[1] && slice[2] && slice[3] && owner && owner.slices.length < 64) {
      owner.slices.push({ profile: slice[1], device: Number(slice[2]), uuid: slice[3] });
    }
  }
  return found;
}
