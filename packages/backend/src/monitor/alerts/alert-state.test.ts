import type { AlertRule } from "@deskside/contract";
import { expect, test } from "vitest";
import { gpuOf, sampleAt, startAt } from "../test/make-sample.ts";
import { defaultAlertRules, mergeAlertRules } from "./alert-rules.ts";
import { type AlertProgress, alertValue, nextAlert, quietAlert } from "./alert-state.ts";

const rule: AlertRule = {
  ...{ id: "t", metric: "gpu-temperature", direction: "above", threshold: 80, durationMs: 30_000, enabled: true },
};

/** One value a second; the index of each second in which the alert is active. */
function activeSeconds(values: readonly (number | null)[], of: AlertRule = rule, stepMs = 1000): number[] {
  let progress: AlertProgress = quietAlert;
  return values.flatMap((value, second) => {
    progress = nextAlert(progress, of, value, { now: startAt + second * stepMs, monotonic: second * stepMs });
    return progress.activeSince === null ? [] : [second];
  });
}

const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);
const from = (start: number, end: number) => Array.from({ length: end - start }, (_, index) => start + index);

test("an alert begins when the value was over the threshold for the whole duration, not earlier", () => {
  expect(activeSeconds(times(35, 81))).toEqual(from(30, 35));
  expect(activeSeconds([...times(29, 81), 80, ...times(30, 81)])).toEqual([]);
  expect(activeSeconds(times(3, 81), { ...rule, durationMs: 0 })).toEqual([0, 1, 2]);
});

test("equal to the threshold is not over it, in both directions", () => {
  const now = { ...rule, durationMs: 0 };
  expect(activeSeconds([80, 80.01], now)).toEqual([1]);
  expect(activeSeconds([80, 79.99], { ...now, direction: "below" })).toEqual([1]);
});

test("an active alert does not flicker at its edge", () => {
  const now = { ...rule, durationMs: 0 };
  expect(activeSeconds([81, 79.5, 78, 77.5, 79.5, 81], now)).toEqual([0, 1, 2, 5]);
  expect(
    activeSeconds([19e9, 20.5e9, 21.5e9], { ...now, metric: "free-disk", direction: "below", threshold: 20e9 }),
  ).toEqual([0, 1]);
  expect(activeSeconds([3, 2, 3], { ...now, metric: "crashes-per-hour", threshold: 2 })).toEqual([0, 2]);
});

test("what is not reported triggers nothing, and ends an alert only when it stays away", () => {
  expect(activeSeconds(times(100, null))).toEqual([]);
  const now = { ...rule, durationMs: 0 };
  expect(activeSeconds([81, ...times(20, null), 81], now)).toEqual(from(0, 22));
  const gone = activeSeconds([81, ...times(40, null)], now);
  expect(gone).toEqual(from(0, 31));
  // The time without values does not count as time over the threshold.
  expect(activeSeconds([81, ...times(40, null), 81, 81])).toEqual([]);
});

test("a pause longer than half a minute, as in sleep, begins the duration anew", () => {
  expect(activeSeconds([81, 81, 81], rule, 40_000)).toEqual([]);
  expect(activeSeconds([81, 81, 81, 81], rule, 10_000)).toEqual([3]);
});

test("it says since when by the wall clock, and keeps that when the clock is set", () => {
  const now = { ...rule, durationMs: 0 };
  const first = nextAlert(quietAlert, now, 90, { now: startAt, monotonic: 0 });
  expect(first.activeSince).toBe(startAt);
  const back = nextAlert(first, now, 90, { now: startAt - 3600_000, monotonic: 1000 });
  const ahead = nextAlert(back, now, 90, { now: startAt + 24 * 3600_000, monotonic: 2000 });
  expect([back.activeSince, ahead.activeSince]).toEqual([startAt, startAt]);
});

test("a rule that is switched off shows the value and is quiet", () => {
  const active = nextAlert(quietAlert, { ...rule, durationMs: 0 }, 90, { now: startAt, monotonic: 0 });
  expect(active.activeSince).not.toBeNull();
  const off = nextAlert(active, { ...rule, enabled: false }, 90, { now: startAt, monotonic: 1000 });
  expect(off).toEqual({ ...quietAlert, value: 90 });
});

test("values come from the sample: of several GPUs the worst, of none nothing", () => {
  const sample = sampleAt(startAt, {
    gpus: [
      gpuOf({ id: "a", vramUsedBytes: 2e9, vramTotalBytes: 8e9, temperature: null }),
      gpuOf({ id: "b", vramUsedBytes: 7.6e9, vramTotalBytes: 8e9, temperature: 71 }),
      gpuOf({ id: "c", vramUsedBytes: null, temperature: 70 }),
      gpuOf({ id: "d", vramUsedBytes: 5, vramTotalBytes: 0 }),
    ],
    engine: { firstTokenP99: 812 },
    freeBytes: null,
  });
  const value = (metric: AlertRule["metric"]) => alertValue(metric, sample, 3);
  expect(value("vram-percent")).toBe(95);
  expect(value("gpu-temperature")).toBe(71);
  expect(value("first-token-p99")).toBe(812);
  expect(value("crashes-per-hour")).toBe(3);
  expect(value("free-disk")).toBeNull();
  expect(value("memory-percent")).toBe(37.5);
  expect(alertValue("gpu-temperature", sampleAt(startAt), 0)).toBeNull();
  expect(alertValue("vram-percent", sampleAt(startAt), 0)).toBeNull();
});

test("changed and removed defaults stay changed and removed, new rules follow them", () => {
  expect(mergeAlertRules([])).toEqual(defaultAlertRules);
  const mine = { ...rule, id: "mine" };
  const hotter = { ...rule, id: "gpu-temperature", threshold: 95 };
  const merged = mergeAlertRules([
    ...[
      { ruleId: "mine", rule: mine },
      { ruleId: "vram", rule: null },
      { ruleId: "gpu-temperature", rule: hotter },
    ],
    { ruleId: "gone", rule: null },
  ]);
  expect(merged.map(({ id }) => id)).toEqual([
    ...["first-token", "crashes", "gpu-temperature", "free-disk", "memory", "mine"],
  ]);
  expect(merged.find(({ id }) => id === "gpu-temperature")).toEqual(hotter);
});
