/** How fast bytes come, over the last seconds, so that the time left is neither jumpy nor stale. */
export interface SpeedMeter {
  /** `now`: monotonic milliseconds. */
  add(bytes: number, now: number): void;
  /** Bytes per second; null while there is less than a second to go by. */
  read(now: number): number | null;
  reset(): void;
}

const windowMs = 8000;
const slotMs = 500;

export function createSpeedMeter(): SpeedMeter {
  let slots: { at: number; bytes: number }[] = [];
  let startedAt: number | null = null;
  return {
    add(bytes, now) {
      startedAt ??= now;
      const last = slots.at(-1);
      if (last && now - last.at < slotMs) last.bytes += bytes;
      else slots.push({ at: now, bytes });
      slots = slots.filter(({ at }) => now - at <= windowMs);
    },
    read(now) {
      if (startedAt === null || now - startedAt < 1000) return null;
      const recent = slots.filter(({ at }) => now - at <= windowMs);
      const span = Math.min(windowMs, now - startedAt);
      return (recent.reduce((sum, { bytes }) => sum + bytes, 0) / span) * 1000;
    },
    reset() {
      slots = [];
      startedAt = null;
    },
  };
}
