/** Time as a parameter, so that tests own it. */
export interface Clock {
  /** Wall time in milliseconds since 1970; may jump. For showing and storing. */
  now(): number;
  /** Monotonic milliseconds; never jumps. For durations, limits and leases. */
  monotonic(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};
