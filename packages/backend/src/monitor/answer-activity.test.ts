import { expect, test } from "vitest";
import { createActivityStatistics, nearestRank } from "./answer-activity.ts";
import { createTestClock } from "./test/make-sample.ts";

test("answers wait, run and end; tokens are counted once", () => {
  const clock = createTestClock();
  const activity = createActivityStatistics(clock);
  const first = activity.begin();
  const second = activity.begin();
  expect(activity.read()).toMatchObject({ running: 0, waiting: 2, tokens: 0 });
  first.running();
  first.wrote(3);
  first.wrote(5);
  first.wrote(5);
  clock.advance(2000);
  expect(activity.read()).toMatchObject({ running: 1, waiting: 1, tokens: 5, tokensPerSecond: 2.5 });
  clock.advance(1000);
  expect(activity.read()).toMatchObject({ tokens: 0, tokensPerSecond: 0 });
  first[Symbol.dispose]();
  second[Symbol.dispose]();
  expect(activity.read()).toMatchObject({ running: 0, waiting: 0 });
});

test("two readings in the same moment do not divide by zero", () => {
  const activity = createActivityStatistics(createTestClock());
  activity.read();
  activity.begin().wrote(7);
  expect(activity.read()).toMatchObject({ tokens: 7, tokensPerSecond: 0 });
});

test("first-token percentiles cover five minutes of finished answers", () => {
  const clock = createTestClock();
  const activity = createActivityStatistics(clock);
  expect(activity.read()).toMatchObject({ firstTokenP50: null, firstTokenP99: null });
  activity.begin().finished(null);
  expect(activity.read().firstTokenP50).toBeNull();
  for (let ms = 100; ms >= 1; ms--) activity.begin().finished(ms);
  expect(activity.read()).toMatchObject({ firstTokenP50: 50, firstTokenP99: 99 });
  clock.advance(4 * 60_000);
  activity.begin().finished(900);
  expect(activity.read().firstTokenP99).toBe(100);
  clock.advance(2 * 60_000);
  expect(activity.read()).toMatchObject({ firstTokenP50: 900, firstTokenP99: 900 });
  clock.advance(6 * 60_000);
  expect(activity.read().firstTokenP99).toBeNull();
});

test("crashes are told once, and counted for an hour, whatever the wall clock does", () => {
  const clock = createTestClock();
  const activity = createActivityStatistics(clock);
  activity.crashed();
  activity.crashed();
  expect(activity.read()).toMatchObject({ crashes: 2, crashesLastHour: 2 });
  expect(activity.read()).toMatchObject({ crashes: 0, crashesLastHour: 2 });
  clock.setWall(clock.now() + 86_400_000);
  expect(activity.read().crashesLastHour).toBe(2);
  clock.advance(3600_001);
  expect(activity.read().crashesLastHour).toBe(0);
});

test("nearest rank", () => {
  expect(nearestRank([], 99)).toBeNull();
  expect(nearestRank([5], 1)).toBe(5);
  expect(nearestRank([15, 20, 35, 40, 50], 30)).toBe(20);
  expect(nearestRank([15, 20, 35, 40, 50], 100)).toBe(50);
});
