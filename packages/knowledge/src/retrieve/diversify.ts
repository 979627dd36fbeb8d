import { dot } from "../index-store/embedded/vector-bytes.ts";

interface Ranked {
  readonly score: number;
  /** Null: it repeats nothing that is known. */
  readonly vector: Float32Array | null;
}

/**
 * Maximal marginal relevance (Carbonell and Goldstein 1998): takes, one after the other, the item whose score is best
 * after subtracting what it repeats of those taken. `diversity` 0 keeps the order, 1 looks at repetition alone. Scores
 * and likenesses are both stretched to 0…1, because cosines of one model family fill a small part of their range.
 * Returns positions.
 */
export function diversify(items: readonly Ranked[], diversity: number, limit: number): number[] {
  const left = new Set(items.keys());
  const relevance = stretch(items.map(({ score }) => score));
  const likeness = stretchedLikeness(items);
  const repeated = new Float64Array(items.length);
  const order: number[] = [];
  while (left.size > 0 && order.length < limit) {
    let best = -1;
    let highest = -Infinity;
    for (const at of left) {
      const value = (1 - diversity) * (relevance[at] ?? 0) - diversity * (repeated[at] ?? 0);
      if (value > highest) [best, highest] = [at, value];
    }
    left.delete(best);
    order.push(best);
    for (const at of left) repeated[at] = Math.max(repeated[at] ?? 0, likeness(best, at));
  }
  return order;
}

function stretch(values: readonly number[]): number[] {
  const lowest = Math.min(...values);
  const range = Math.max(...values) - lowest;
  return values.map((value) => (range === 0 ? 1 : (value - lowest) / range));
}

function stretchedLikeness(items: readonly Ranked[]): (a: number, b: number) => number {
  const likenesses = items.map((first) =>
    items.map((second) => (first.vector && second.vector ? dot(first.vector, second.vector) : null)),
  );
  const known = likenesses.flatMap((row, a) => row.filter((value, b) => value !== null && a !== b));
  const lowest = Math.min(...known.map((value) => value ?? 0));
  const range = 1 - lowest;
  return (a, b) => {
    const value = likenesses[a]?.[b] ?? null;
    return value === null || range <= 0 ? 0 : (value - lowest) / range;
  };
}
