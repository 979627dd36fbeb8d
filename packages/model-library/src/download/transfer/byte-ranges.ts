/** A piece of a file: `start` inclusive, `end` exclusive. */
export type ByteRange = readonly [start: number, end: number];

/** Sorted, disjoint, never touching ranges: which bytes of a file are there. */
export interface ByteRanges {
  readonly bytes: number;
  add(start: number, end: number): void;
  remove(start: number, end: number): void;
  /** What is missing between `start` and `end`, in order. */
  missing(start: number, end: number): ByteRange[];
  /** End of what is there without a gap from `start` on. */
  contiguousFrom(start: number): number;
  toArray(): ByteRange[];
}

export function createByteRanges(initial: readonly ByteRange[] = []): ByteRanges {
  let ranges: ByteRange[] = [];
  let bytes = 0;
  const set = (next: ByteRange[]) => {
    ranges = next;
    bytes = next.reduce((sum, [start, end]) => sum + end - start, 0);
  };
  const self: ByteRanges = {
    get bytes() {
      return bytes;
    },
    add(start, end) {
      if (end <= start) return;
      const before = ranges.filter((range) => range[1] < start);
      const after = ranges.filter((range) => range[0] > end);
      const joined = ranges.slice(before.length, ranges.length - after.length);
      const first = Math.min(start, joined[0]?.[0] ?? start);
      const last = Math.max(end, joined.at(-1)?.[1] ?? end);
      set([...before, [first, last], ...after]);
    },
    remove(start, end) {
      if (end <= start) return;
      const cut = ranges.flatMap(([from, to]): ByteRange[] => {
        if (to <= start || from >= end) return [[from, to]];
        const kept: ByteRange[] = [];
        if (from < start) kept.push([from, start]);
        if (to > end) kept.push([end, to]);
        return kept;
      });
      set(cut);
    },
    missing(start, end) {
      const gaps: ByteRange[] = [];
      let at = start;
      for (const [from, to] of ranges) {
        if (to <= at) continue;
        if (from >= end) break;
        if (from > at) gaps.push([at, from]);
        at = Math.max(at, to);
      }
      if (at < end) gaps.push([at, end]);
      return gaps;
    },
    contiguousFrom(start) {
      const holder = ranges.find(([from, to]) => from <= start && to > start);
      return holder ? holder[1] : start;
    },
    toArray: () => [...ranges],
  };
  for (const [start, end] of initial) self.add(start, end);
  return self;
}
