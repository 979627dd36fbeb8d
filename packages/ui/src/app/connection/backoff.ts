const firstMs = 300;
const longestMs = 5000;

/** Pause before the next try: 0.3 s, doubling up to 5 s. */
export function backoffMs(failures: number): number {
  return Math.min(longestMs, firstMs * 2 ** Math.min(failures, 10));
}
