import type { AlertRule, MonitorSample } from "@deskside/contract";

/** Where one rule stands. `overSince` and `seenAt` are monotonic milliseconds, `activeSince` is milliseconds since 1970. */
export interface AlertProgress {
  readonly value: number | null;
  readonly overSince: number | null;
  readonly activeSince: number | null;
  /** When there last was a value. */
  readonly seenAt: number | null;
}

export const quietAlert: AlertProgress = { value: null, overSince: null, activeSince: null, seenAt: null };

/** Without a value for this long nothing is known any more: the alert ends, and a duration starts anew. */
const forgetMs = 30_000;

/** How far a value has to come back before an alert ends, as a share of the threshold: no flicker at the edge. */
const margins: Readonly<Record<AlertRule["metric"], number>> = {
  "vram-percent": 0.02,
  "gpu-temperature": 0.03,
  "first-token-p99": 0.1,
  "crashes-per-hour": 0,
  "free-disk": 0.05,
  "memory-percent": 0.02,
};

/** The next state of a rule. A value of null triggers nothing. `now` in milliseconds since 1970. */
export function nextAlert(
  progress: AlertProgress,
  rule: AlertRule,
  value: number | null,
  time: { readonly now: number; readonly monotonic: number },
): AlertProgress {
  if (!rule.enabled) return { ...quietAlert, value };
  const silent = progress.seenAt === null || time.monotonic - progress.seenAt > forgetMs;
  const before = silent ? quietAlert : progress;
  if (value === null) return { ...before, value };
  const active = before.activeSince !== null;
  if (!isOver(rule, value, active)) return { ...quietAlert, value, seenAt: time.monotonic };
  const overSince = before.overSince ?? time.monotonic;
  const due = time.monotonic - overSince >= rule.durationMs;
  return { value, overSince, activeSince: before.activeSince ?? (due ? time.now : null), seenAt: time.monotonic };
}

function isOver({ metric, direction, threshold }: AlertRule, value: number, active: boolean): boolean {
  const margin = active ? Math.abs(threshold) * margins[metric] : 0;
  return direction === "above" ? value > threshold - margin : value < threshold + margin;
}

/** What a rule looks at; of several GPUs the worst. Null = not reported. */
export function alertValue(metric: AlertRule["metric"], sample: MonitorSample, crashesLastHour: number): number | null {
  switch (metric) {
    case "vram-percent":
      return highest(sample.gpus.map((gpu) => percent(gpu.vramUsedBytes, gpu.vramTotalBytes)));
    case "gpu-temperature":
      return highest(sample.gpus.map((gpu) => gpu.temperature));
    case "first-token-p99":
      return sample.engine.firstTokenP99;
    case "crashes-per-hour":
      return crashesLastHour;
    case "free-disk":
      return sample.disk.freeBytes;
    case "memory-percent":
      return percent(sample.memory.usedBytes, sample.memory.totalBytes);
  }
}

function percent(part: number | null, whole: number | null): number | null {
  return part === null || !whole ? null : (part / whole) * 100;
}

function highest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}
