import { expect, test } from "vitest";
import { chooseThreads } from "./threads.ts";

const MB = 1024 * 1024;

test.each([
  ["a tiny model on two cores: a second thread cut it from 1,100 to 73 tok/s", 2, 2, 5 * MB, 1],
  ["a tiny model on many cores", 32, 64, 31 * MB, 1],
  ["98 MB on two cores: the second one stays free for other programs", 2, 2, 98 * MB, 1],
  ["the limit itself counts as large", 4, 4, 32 * MB, 3],
  ["one core", 1, 1, 4_000 * MB, 1],
  ["three cores leave one to the user", 3, 3, 4_000 * MB, 2],
  ["four cores with eight hyper-threads count as four", 4, 8, 4_000 * MB, 3],
  ["sixteen cores stop at eight", 16, 32, 4_000 * MB, 8],
  ["a container with three of sixteen cores", 16, 3, 4_000 * MB, 2],
  ["nonsense from a broken probe is still one thread", 0, 0, 4_000 * MB, 1],
])("%s", (_name, physicalCores, availableParallelism, weightBytes, threads) => {
  expect(chooseThreads({ physicalCores, availableParallelism, weightBytes })).toBe(threads);
});
