/** Below this size of weights a token costs less than waking a second thread for it. */
const smallWeightsBytes = 32 * 1024 * 1024;
/** Decoding is bound by memory bandwidth: beyond this more threads mostly spin at barriers. */
const mostThreads = 8;

export interface ThreadInput {
  /** Cores, not hyper-threads: two threads of one core share what llama.cpp's kernels use. */
  readonly physicalCores: number;
  /** Processors this process may use, after affinity and container limits. */
  readonly availableParallelism: number;
  /** Size of the weights that are read for every token. */
  readonly weightBytes: number;
}

/**
 * Threads for llama.cpp on the CPU; always set, never left to the library. Its threads spin at barriers, so one more
 * than there are cores costs nearly everything.
 *
 * Source: measured on two cores (0.84B Q4_K_M: library default of four threads 0.6 tok/s, two 48–58, one 46–54;
 * 4.5M parameters: one 1,050–1,180 tok/s, two 73, or 960 with a one-thread pool; 135M Q4_1: one 73, two 98, but two
 * fall to 2–5 beside another busy program, one keeps most of its speed). So one core is always left to the event loop
 * and to whatever else the person runs.
 */
export function chooseThreads({ physicalCores, availableParallelism, weightBytes }: ThreadInput): number {
  const cores = Math.max(1, Math.floor(Math.min(physicalCores, availableParallelism)));
  if (weightBytes < smallWeightsBytes) return 1;
  return Math.min(mostThreads, Math.max(1, cores - 1));
}
