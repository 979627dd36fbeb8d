/** Weights below this many bytes are decoded faster by one thread than by several that wait for each other. */
const oneThreadBelowBytes = 32 * 2 ** 20;
const atMost = 8;

/**
 * Threads for decoding. llama.cpp's threads spin at barriers, so one too many costs far more than one too few: on two
 * cores a 0.84B Q4_K_M model makes 58 tokens/s with 2 threads and 0.6 with 4; a 5 MB model makes 1,100 with 1 thread
 * and 70 with 2 (docs/performance.md). On larger machines one core is left to the person and the event loop.
 */
export function chooseThreads(machine: {
  physicalCores: number;
  availableParallelism: number;
  weightBytes: number;
}): number {
  if (machine.weightBytes < oneThreadBelowBytes) return 1;
  const cores = Math.max(1, Math.min(machine.physicalCores, machine.availableParallelism));
  if (cores <= 2) return Math.min(2, machine.availableParallelism);
  return Math.min(cores - 1, atMost);
}
