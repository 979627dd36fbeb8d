import { gpuColumns, gpuKey, machineColumns, type MonitorMerge, type MonitorSample } from "@deskside/contract";

type Gpu = Pick<MonitorSample["gpus"][number], "id" | "name">;

/** Which columns samples of these GPUs have, in order. */
export interface SampleLayout {
  readonly key: string;
  readonly gpus: readonly Gpu[];
  readonly columns: readonly string[];
  readonly merges: readonly MonitorMerge[];
}

export function layoutOf(gpus: readonly Gpu[]): SampleLayout {
  const named = gpus.map(({ id, name }) => ({ id, name }));
  return {
    key: JSON.stringify(named),
    gpus: named,
    columns: [
      ...machineColumns.map(({ key }) => key),
      ...named.flatMap(({ id }) => gpuColumns.map(({ key }) => gpuKey(id, key))),
    ],
    merges: [...machineColumns, ...named.flatMap(() => gpuColumns)].map(({ merge }) => merge),
  };
}

/** One number per column; NaN = not reported. */
export function valuesOf(sample: MonitorSample): Float64Array {
  return Float64Array.from([
    ...machineColumns.map(({ of }) => of(sample) ?? Number.NaN),
    ...sample.gpus.flatMap((gpu) => gpuColumns.map(({ of }) => of(gpu) ?? Number.NaN)),
  ]);
}

/** Several readings of one column as one; those not reported do not count. */
export interface ColumnMerger {
  add(value: number): void;
  /** NaN when nothing was reported. */
  readonly value: number;
}

export function createMerger(merge: MonitorMerge): ColumnMerger {
  let result = Number.NaN;
  let count = 0;
  return {
    add(value) {
      if (Number.isNaN(value)) return;
      count++;
      if (count === 1) result = value;
      else if (merge === "max") result = Math.max(result, value);
      else if (merge === "min") result = Math.min(result, value);
      else if (merge === "sum") result += value;
      else result += (value - result) / count;
    },
    get value() {
      return result;
    },
  };
}
