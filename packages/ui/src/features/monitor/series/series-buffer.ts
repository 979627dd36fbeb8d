import {
  gpuColumns,
  gpuKey,
  machineColumns,
  type MonitorRange,
  type MonitorSample,
  type MonitorSeries,
} from "@deskside/contract";
import { type BucketColumn, createBucketColumn } from "./bucket-column.ts";

export type Column = readonly (number | null)[];

export const rangeMs: Record<MonitorRange, number> = {
  "1m": 60_000,
  "15m": 900_000,
  "1h": 3_600_000,
  "24h": 86_400_000,
  "7d": 7 * 86_400_000,
};

/** More readings than that are kept as the least and the greatest of each bucket: a chart has no more pixels. */
const mostRows = 1000;
const bucketsOfSpan = 200;

/**
 * A window of readings that grows at its end and forgets its start. Times in milliseconds, oldest first. Many readings
 * are thinned as they come: each bucket gives two rows, its least and its greatest value in the order in which they
 * came, so that no peak is lost and drawing costs the same however much was stored.
 */
export interface SeriesBuffer {
  /** Counts changes: whoever draws compares it. */
  readonly version: number;
  readonly at: readonly number[];
  /** The rows are the least and greatest of many readings. */
  readonly dense: boolean;
  readonly gpus: readonly { readonly id: string; readonly name: string }[];
  /** Row by row, as `at`; all null where nothing of the kind was ever reported. */
  column(key: string): Column;
  /** Of all readings, thinned or not; null when there was none. */
  mean(key: string): number | null;
  sum(key: string): number;
  /** `spanMs`: what the window covers, counted back from the newest reading. */
  load(series: MonitorSeries, spanMs: number): void;
  /** Adds a reading if it is newer than the last one. */
  push(sample: MonitorSample): void;
}

export function createSeriesBuffer(): SeriesBuffer {
  let version = 0;
  let span = Number.POSITIVE_INFINITY;
  let gpus: { id: string; name: string }[] = [];
  let buckets = createBuckets(0);

  return {
    get version() {
      return version;
    },
    get at() {
      return buckets.at();
    },
    get dense() {
      return buckets.width > 0;
    },
    get gpus() {
      return gpus;
    },
    column: (key) => buckets.rows(key),
    mean: (key) => buckets.column(key).mean(),
    sum: (key) => buckets.column(key).sum(),
    load(series, spanMs) {
      version++;
      span = spanMs;
      const expected = Math.max(series.at.length, spanMs / Math.max(1, series.resolutionMs));
      buckets = createBuckets(expected > mostRows ? Math.ceil(spanMs / bucketsOfSpan) : 0);
      gpus = series.gpus.map(({ id, name }) => ({ id, name }));
      const places = series.at.map(buckets.place);
      for (const [key, values] of Object.entries(series.values)) {
        const column = buckets.column(key);
        values.forEach((value, row) => column.add(places[row] ?? 0, value));
      }
    },
    push(sample) {
      if (sample.at <= buckets.newest()) return;
      version++;
      const place = buckets.place(sample.at);
      for (const { key, of } of machineColumns) buckets.column(key).add(place, of(sample));
      for (const gpu of sample.gpus) {
        if (!gpus.some(({ id }) => id === gpu.id)) gpus.push({ id: gpu.id, name: gpu.name });
        for (const { key, of } of gpuColumns) buckets.column(gpuKey(gpu.id, key)).add(place, of(gpu));
      }
      buckets.dropBefore(sample.at - span);
    },
  };
}

/** The columns of one window over the same buckets. `width` in milliseconds; 0 = every reading is kept. */
function createBuckets(width: number) {
  /** Start of each bucket. */
  const starts: number[] = [];
  const columns = new Map<string, BucketColumn>();
  let newest = Number.NEGATIVE_INFINITY;
  const column = (key: string): BucketColumn => {
    const known = columns.get(key) ?? createBucketColumn();
    columns.set(key, known);
    return known;
  };
  return {
    width,
    column,
    newest: () => newest,
    at: () => (width === 0 ? starts : starts.flatMap((start) => [start, start + width / 2])),
    rows: (key: string) => column(key).rows(starts.length, width === 0),
    /** The place of a reading among the buckets; a new one is opened at the end. */
    place(at: number): number {
      const start = width === 0 ? at : Math.floor(at / width) * width;
      if (starts.at(-1) !== start) starts.push(start);
      newest = at;
      return starts.length - 1;
    },
    dropBefore(time: number): void {
      const first = starts.findIndex((start) => start + width >= time);
      if (first <= 0) return;
      starts.splice(0, first);
      for (const kept of columns.values()) kept.drop(first);
    },
  };
}

/** Sum row by row; null where none of them has a value. */
export function sumColumns(columns: readonly Column[]): Column {
  const [first = []] = columns;
  return first.map((_, row) => {
    let sum: number | null = null;
    for (const column of columns) {
      const value = column[row];
      if (value !== null && value !== undefined) sum = (sum ?? 0) + value;
    }
    return sum;
  });
}

export function hasReadings(column: Column): boolean {
  return column.some((value) => value !== null);
}

/** Over what was reported; null when nothing was. */
export function meanOf(column: Column): number | null {
  let sum = 0;
  let count = 0;
  for (const value of column) {
    if (value === null) continue;
    sum += value;
    count++;
  }
  return count === 0 ? null : sum / count;
}

export function maxOf(column: Column): number | null {
  let top: number | null = null;
  for (const value of column) if (value !== null && (top === null || value > top)) top = value;
  return top;
}
