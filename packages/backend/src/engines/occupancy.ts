/** How many answers use something right now, and since when it is idle. */
export interface Occupancy {
  readonly busy: boolean;
  /** Milliseconds, monotonic. */
  readonly usedAt: number;
  /** Until the result is disposed. */
  occupy(): Disposable;
  /** Resolves at once when nobody uses it. */
  whenIdle(): Promise<void>;
}

export function createOccupancy(onChange: () => void): Occupancy {
  let users = 0;
  let usedAt = performance.now();
  let waiting: (() => void)[] = [];
  return {
    get busy() {
      return users > 0;
    },
    get usedAt() {
      return usedAt;
    },
    occupy() {
      users++;
      onChange();
      return {
        [Symbol.dispose]() {
          users--;
          usedAt = performance.now();
          if (users === 0) {
            for (const listener of waiting) listener();
            waiting = [];
          }
          onChange();
        },
      };
    },
    whenIdle: () => (users === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}
