import { createId } from "@deskside/base";
import { createSampleBlock, type SampleBlock } from "@deskside/storage";
import { type ColumnMerger, createMerger, type SampleLayout } from "./sample-layout.ts";

export interface TierPlan {
  readonly resolutionMs: number;
  /** How long readings of this resolution are kept. */
  readonly keepMs: number;
  /** Time one stored block covers at most. */
  readonly blockMs: number;
}

/** 1 s for an hour, 10 s for a day, 1 min for seven days: about 370 blocks of at most 60 samples. */
export const tierPlans: readonly TierPlan[] = [
  { resolutionMs: 1000, keepMs: 3600_000, blockMs: 60_000 },
  { resolutionMs: 10_000, keepMs: 24 * 3600_000, blockMs: 600_000 },
  { resolutionMs: 60_000, keepMs: 7 * 24 * 3600_000, blockMs: 3600_000 },
];

/** Readings of one resolution that are not on disk yet, or not whole. */
export interface HistoryTier {
  readonly plan: TierPlan;
  add(layout: SampleLayout, at: number, values: Float64Array): void;
  /** What is only here, oldest first; the newest block with its last interval as far as it is. */
  blocks(): SampleBlock[];
  /** Those of them that changed since they were written. */
  unwritten(): SampleBlock[];
  /** All that was unwritten is on disk. */
  written(): void;
}

interface Row {
  readonly at: number;
  readonly values: ArrayLike<number>;
}

interface OpenBlock {
  readonly id: string;
  readonly layout: SampleLayout;
  readonly startAt: number;
  readonly rows: Row[];
  lastAt: number;
  bucket: { readonly at: number; readonly mergers: readonly ColumnMerger[] } | null;
  dirty: boolean;
}

export function createHistoryTier(plan: TierPlan): HistoryTier {
  const raw = plan.resolutionMs === 1000;
  const keepBlocks = Math.ceil(plan.keepMs / plan.blockMs);
  let open: OpenBlock | null = null;
  let closed: SampleBlock[] = [];

  const close = () => {
    if (!open) return;
    // A store that takes nothing must not fill the memory: the oldest go, as they would there.
    if (open.dirty) closed = [...closed, toBlock(open, plan)].slice(-keepBlocks);
    open = null;
  };
  const openFor = (layout: SampleLayout, at: number): OpenBlock => {
    const goesOn =
      open !== null && open.layout.key === layout.key && at >= open.lastAt && at - open.startAt < plan.blockMs;
    if (open && goesOn) return open;
    close();
    const startAt = raw ? at : bucketStart(at, plan);
    open = { ...{ layout, startAt, rows: [], lastAt: at, bucket: null, dirty: false }, id: createId("mon", at) };
    return open;
  };

  return {
    plan,
    add(layout, at, values) {
      const block = openFor(layout, at);
      block.lastAt = at;
      block.dirty = true;
      if (raw) block.rows.push({ at, values });
      else merge(block, bucketStart(at, plan), values);
    },
    blocks: () => [...closed, ...(open ? [toBlock(open, plan)] : [])],
    unwritten: () => [...closed, ...(open?.dirty ? [toBlock(open, plan)] : [])],
    written() {
      closed = [];
      if (open) open.dirty = false;
    },
  };
}

function bucketStart(at: number, { resolutionMs }: TierPlan): number {
  return Math.floor(at / resolutionMs) * resolutionMs;
}

function merge(block: OpenBlock, at: number, values: Float64Array): void {
  if (block.bucket?.at !== at) {
    if (block.bucket) block.rows.push(toRow(block.bucket));
    block.bucket = { at, mergers: block.layout.merges.map(createMerger) };
  }
  for (const [index, merger] of block.bucket.mergers.entries()) merger.add(values[index] ?? Number.NaN);
}

function toRow({ at, mergers }: NonNullable<OpenBlock["bucket"]>): Row {
  return { at, values: mergers.map(({ value }) => value) };
}

function toBlock({ id, layout, rows, bucket }: OpenBlock, { resolutionMs }: TierPlan): SampleBlock {
  const head = { id, resolutionMs, gpus: layout.gpus, columns: layout.columns };
  return createSampleBlock(head, bucket ? [...rows, toRow(bucket)] : rows);
}
