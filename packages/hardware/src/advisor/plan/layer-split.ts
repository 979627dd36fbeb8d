/**
 * Layers per device as llama.cpp deals them out: device d takes those whose place lies below the cumulative share of
 * its weight (`llama_model::load_tensors`, upper_bound over the normalised splits). Sums to `layers`.
 */
export function splitLayers(layers: number, weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + Math.max(0, weight), 0);
  const counts = weights.map(() => 0);
  if (counts.length === 0 || total <= 0) return counts;
  for (let layer = 0; layer < layers; layer++) {
    const place = layer / layers;
    let upTo = 0;
    const found = weights.findIndex((weight) => {
      upTo += Math.max(0, weight) / total;
      return upTo > place;
    });
    const device = found < 0 ? counts.length - 1 : found;
    counts[device] = (counts[device] ?? 0) + 1;
  }
  return counts;
}
