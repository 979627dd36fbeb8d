import { type Clock, createDeferred, withSignal } from "@deskside/base";

/** Limits what several transfers take together. The rate can change while they wait. */
export interface TokenBucket {
  /** Resolves when `bytes` may be taken; at once while there is no limit. Rejects with the signal's reason. */
  take(bytes: number, signal: AbortSignal): Promise<void>;
  /** Bytes per second; null: no limit. */
  setRate(bytesPerSecond: number | null): void;
  readonly rate: number | null;
}

/** How much may come at once after a pause, in seconds of the rate. */
const burstSeconds = 0.25;

export function createTokenBucket(clock: Clock, initialRate: number | null = null): TokenBucket {
  let rate = initialRate;
  /** May be negative: what was taken ahead is paid back by waiting. */
  let level = 0;
  let filledAt = clock.monotonic();
  let changed = createDeferred<void>();

  const fill = () => {
    const now = clock.monotonic();
    if (rate !== null) level = Math.min(rate * burstSeconds, level + ((now - filledAt) / 1000) * rate);
    filledAt = now;
  };
  return {
    get rate() {
      return rate;
    },
    setRate(bytesPerSecond) {
      fill();
      rate = bytesPerSecond === null ? null : Math.max(1, bytesPerSecond);
      level = Math.min(level, 0);
      changed.resolve();
      changed = createDeferred<void>();
    },
    async take(bytes, signal) {
      signal.throwIfAborted();
      fill();
      if (rate === null) return;
      level -= bytes;
      // The debt of everyone who took before counts too, so takers are served in order.
      let owed = Math.max(0, -level);
      while (owed > 0 && rate !== null) {
        const started = clock.monotonic();
        const currentRate: number = rate;
        await pause(Math.min(60_000, (owed / currentRate) * 1000), changed.promise, signal);
        owed -= ((clock.monotonic() - started) / 1000) * currentRate;
        if (owed < 1) return;
      }
      if (rate === null) level = 0;
    },
  };
}

/** Waits `ms`, or less when the rate changes. */
async function pause(ms: number, changed: Promise<void>, signal: AbortSignal): Promise<void> {
  const timer = createDeferred<void>();
  const handle = setTimeout(() => timer.resolve(), Math.max(1, ms));
  try {
    await withSignal(Promise.race([timer.promise, changed]), signal);
  } finally {
    clearTimeout(handle);
  }
}
