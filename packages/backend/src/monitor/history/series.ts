import { gpuColumns, gpuKey, machineColumns, type MonitorMerge, type MonitorSeries } from "@deskside/contract";
import type { SampleBlock } from "@deskside/storage";
import { createMerger } from "./sample-layout.ts";

export interface SeriesWindow {
  /** Milliseconds since 1970, both ends included. */
  readonly from: number;
  readonly to: number;
  /** At most so many rows. */
  readonly points: number;
  readonly resolutionMs: number;
}

/** Stored blocks as columns, oldest first; with more rows than wanted, neighbours become one by the column's rule. */
export function buildSeries(blocks: readonly SampleBlock[], window: SeriesWindow): MonitorSeries {
  const rows = collectRows(blocks, window);
  const names = new Map(blocks.flatMap(({ gpus }) => gpus.map(({ id, name }) => [id, name] as const)));
  const gpus = [...names].map(([id, name]) => ({ id, name }));
  const columns = [
    ...machineColumns.map(({ key, merge }) => ({ key, merge })),
    ...gpus.flatMap(({ id }) => gpuColumns.map(({ key, merge }) => ({ key: gpuKey(id, key), merge }))),
  ];
  const thin = rows.at.length > window.points;
  const widthMs = thin ? Math.max(window.resolutionMs, (window.to - window.from) / window.points) : window.resolutionMs;
  const groups = thin ? groupRows(rows.at, window.from, widthMs, window.points) : null;
  const values = columns.map(({ key, merge }) => {
    const column = readColumn(blocks, rows, key);
    return [key, groups ? mergeGroups(column, groups, merge) : column.map(toValue)] as const;
  });
  return {
    resolutionMs: Math.round(widthMs),
    at: groups ? groups.map(([start]) => rows.at[start] ?? 0) : rows.at,
    gpus,
    values: Object.fromEntries(values),
  };
}

interface Rows {
  readonly at: number[];
  /** For each row, the block and the place in it. */
  readonly block: number[];
  readonly index: number[];
}

function collectRows(blocks: readonly SampleBlock[], { from, to }: SeriesWindow): Rows {
  const rows: Rows = { at: [], block: [], index: [] };
  let sorted = true;
  for (const [number, block] of blocks.entries()) {
    for (const [index, at] of block.at.entries()) {
      if (at < from || at > to) continue;
      sorted &&= at >= (rows.at.at(-1) ?? at);
      rows.at.push(at);
      rows.block.push(number);
      rows.index.push(index);
    }
  }
  return sorted ? rows : sortRows(rows);
}

/** A clock that was set back, or blocks in memory beside stored ones. */
function sortRows(rows: Rows): Rows {
  const order = rows.at.map((_, row) => row).sort((a, b) => (rows.at[a] ?? 0) - (rows.at[b] ?? 0) || a - b);
  const pick = (list: readonly number[]) => order.map((row) => list[row] ?? 0);
  return { at: pick(rows.at), block: pick(rows.block), index: pick(rows.index) };
}

function readColumn(blocks: readonly SampleBlock[], rows: Rows, key: string): number[] {
  const starts = blocks.map(({ columns, at }) => {
    const column = columns.indexOf(key);
    return column < 0 ? -1 : column * at.length;
  });
  return rows.index.map((index, row) => {
    const block = rows.block[row] ?? 0;
    const start = starts[block] ?? -1;
    return start < 0 ? Number.NaN : (blocks[block]?.values[start + index] ?? Number.NaN);
  });
}

/** First row and the row after the last of every interval that has any. */
function groupRows(at: readonly number[], from: number, widthMs: number, points: number): [number, number][] {
  const groups: [number, number][] = [];
  let current = -1;
  for (const [row, time] of at.entries()) {
    const interval = Math.min(points - 1, Math.floor((time - from) / widthMs));
    if (interval !== current) groups.push([row, row]);
    current = interval;
    const group = groups.at(-1);
    if (group) group[1] = row + 1;
  }
  return groups;
}

function mergeGroups(column: readonly number[], groups: readonly [number, number][], merge: MonitorMerge) {
  return groups.map(([start, end]) => {
    const merger = createMerger(merge);
    for (let row = start; row < end; row++) merger.add(column[row] ?? Number.NaN);
    return toValue(merger.value);
  });
}

/** Hundredths are more than any sensor has, and what single precision adds to large numbers is noise. */
function toValue(value: number): number | null {
  if (Number.isNaN(value)) return null;
  return Math.abs(value) < 100_000 ? Math.round(value * 100) / 100 : Math.round(value);
}
