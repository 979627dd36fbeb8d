import { withSignal } from "@deskside/base";

/** Wakes everybody who waits for the next change. Whoever asks for `next` before looking misses none. */
export interface ChangeSignal {
  notify(): void;
  /** `until` settles at the first change after this call; throws the signal's reason. */
  next(): { until(signal?: AbortSignal): Promise<void> };
}

export function createChangeSignal(): ChangeSignal {
  let changed = Promise.withResolvers<void>();
  return {
    notify() {
      changed.resolve();
      changed = Promise.withResolvers();
    },
    next() {
      const { promise } = changed;
      return { until: (signal) => withSignal(promise, signal) };
    },
  };
}
