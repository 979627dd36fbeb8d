/** Numbers that are the same in every run with the same seed (mulberry32). */
export interface SeededRandom {
  /** At least 0, below 1. */
  next(): number;
  /** Whole number at least 0, below `limit`. */
  below(limit: number): number;
}

export function createSeededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  }
  return { next, below: (limit) => Math.floor(next() * limit) };
}
