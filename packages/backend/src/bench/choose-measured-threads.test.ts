import { expect, it } from "vitest";
import { chooseMeasuredThreads } from "./choose-measured-threads.ts";

const speeds = (...rows: [number, number, number][]) =>
  rows.map(([threads, idleTokensPerSecond, busyTokensPerSecond]) => ({
    ...{ threads, idleTokensPerSecond, busyTokensPerSecond },
  }));

it.each<[string, ReturnType<typeof speeds>, number | null]>([
  ["the fastest alone collapses beside others", speeds([1, 73, 40], [2, 98, 3]), 1],
  ["more threads that hold up", speeds([1, 10, 6], [2, 19, 11], [4, 30, 16]), 4],
  ["equal speed: the smaller count", speeds([1, 50, 30], [2, 51, 30.5], [3, 49, 31]), 1],
  ["never one that does nothing", speeds([1, 0, 0], [2, 10, 0.5]), 2],
  ["nothing measured", [], null],
  ["nothing works", speeds([1, 0, 0]), null],
])("%s", (_name, rows, threads) => {
  expect(chooseMeasuredThreads(rows)).toBe(threads);
});
