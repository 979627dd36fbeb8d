import { createDeferred } from "@deskside/base";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createActivityStatistics } from "./answer-activity.ts";
import { createMemoryReader, guardReader, type MonitorReaders, readDeadlineMs, shareReading } from "./readings.ts";
import { createSampler } from "./sampler.ts";
import { createTestClock, createTestLog, gpuReading } from "./test/make-sample.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const good: MonitorReaders = {
  gpus: async () => [gpuReading()],
  machine: async () => ({
    ...{ cpuUtilisation: 33, cpuTemperature: 51, diskFreeBytes: 9e9, diskReadPerSecond: 1, diskWritePerSecond: 2 },
  }),
  memory: async () => ({ totalBytes: 8e9, usedBytes: 3e9, desksideBytes: 2e8, engineBytes: 1e8 }),
};

function samplerOf(readers: Partial<MonitorReaders>) {
  const clock = createTestClock();
  const log = createTestLog();
  const sampler = createSampler({
    ...{ readers: { ...good, ...readers }, clock, log },
    engineStates: () => [],
    activity: createActivityStatistics(clock).read,
  });
  return { clock, log, sampler };
}

test("a sample holds what the readers say", async () => {
  const { sampler, clock } = samplerOf({});
  const { sample } = await sampler.take();
  expect(sample.at).toBe(clock.now());
  expect(sample.cpu).toEqual({ utilisation: 33, temperature: 51 });
  expect(sample.disk).toEqual({ freeBytes: 9e9, readPerSecond: 1, writePerSecond: 2 });
  expect(sample.memory).toEqual({ totalBytes: 8e9, usedBytes: 3e9, desksideBytes: 2e8 });
  expect(sample.gpus).toMatchObject([{ utilisation: 50, power: 100, weightsBytes: 0, nvlinkPerSecond: null }]);
  expect(sample.engine).toMatchObject({ residentBytes: 1e8, slots: 0, running: 0 });
});

test("a reader that hangs is late once, is not called again while it hangs, and holds nothing up", async () => {
  const hanging = createDeferred<never[]>();
  const gpus = vi.fn<MonitorReaders["gpus"]>().mockResolvedValueOnce([gpuReading()]).mockReturnValue(hanging.promise);
  const { sampler, log } = samplerOf({ gpus });
  await sampler.take();
  const second = sampler.take();
  await vi.advanceTimersByTimeAsync(readDeadlineMs);
  // The GPU is still there, its readings are what is missing.
  expect((await second).sample.gpus).toMatchObject([
    { id: "0000:01:00.0", vramTotalBytes: 8e9, utilisation: null, vramUsedBytes: null, power: null },
  ]);
  for (let index = 0; index < 5; index++) expect((await sampler.take()).sample.cpu.utilisation).toBe(33);
  expect(gpus).toHaveBeenCalledTimes(2);
  expect(log.lines).toHaveLength(1);
  hanging.resolve([]);
  await vi.advanceTimersByTimeAsync(0);
  gpus.mockResolvedValue([gpuReading({ power: 7 })]);
  expect((await sampler.take()).sample.gpus).toMatchObject([{ power: 7 }]);
});

test("readers that throw, at once or later, leave nulls and one line each in the log", async () => {
  const { sampler, log } = samplerOf({
    gpus: () => {
      throw new Error("at once");
    },
    machine: async () => Promise.reject(new Error("later")),
    memory: async () => Promise.reject(new Error("later")),
  });
  for (let index = 0; index < 3; index++) {
    const { sample } = await sampler.take();
    expect(sample.gpus).toEqual([]);
    expect(sample.cpu).toEqual({ utilisation: null, temperature: null });
    expect(sample.disk.freeBytes).toBeNull();
    expect(sample.memory.desksideBytes).toBeNull();
    expect(sample.engine.residentBytes).toBeNull();
    expect(sample.memory.totalBytes).toBeGreaterThan(sample.memory.usedBytes);
  }
  expect(log.lines).toHaveLength(3);
});

test("two who ask at the same time get the same sample", async () => {
  const gpus = vi.fn(good.gpus);
  const { sampler } = samplerOf({ gpus });
  const [first, second] = await Promise.all([sampler.take(), sampler.take()]);
  expect(first).toBe(second);
  expect(gpus).toHaveBeenCalledTimes(1);
});

test("a late failure after the deadline is no unhandled rejection", async () => {
  const slow = createDeferred<number>();
  const log = createTestLog();
  const read = guardReader("slow", () => slow.promise, log);
  const reading = read();
  await vi.advanceTimersByTimeAsync(readDeadlineMs);
  expect(await reading).toBeNull();
  slow.reject(new Error("too late"));
  await vi.advanceTimersByTimeAsync(0);
  expect(log.lines).toHaveLength(1);
});

test("memory of processes: a gone engine holds nothing, a system that shows none is not read as zero", async () => {
  const memoryOf = (processes: (number | null)[], pids: number[]) => {
    const readProcesses = async () =>
      processes.map((residentBytes) =>
        residentBytes === null ? null : { residentBytes, anonymousBytes: null, fileBytes: null, peakBytes: null },
      );
    return createMemoryReader(
      { readTotals: async () => ({ totalBytes: 10, usedBytes: 4 }), readProcesses } as never,
      () => pids,
    )();
  };
  expect(await memoryOf([100, 50, null], [1, 2])).toEqual({
    ...{ totalBytes: 10, usedBytes: 4, engineBytes: 50, desksideBytes: 150 },
  });
  expect(await memoryOf([null, null], [1])).toMatchObject({ engineBytes: null, desksideBytes: null });
  const alone = await memoryOf([null], []);
  expect(alone.engineBytes).toBe(0);
  expect(alone.desksideBytes).toBeGreaterThan(1e6);
});

test("a reading is shared for a moment, a failure is not", async () => {
  const clock = createTestClock();
  const read = vi.fn(async () => 1);
  const shared = shareReading(read, 500, clock);
  await Promise.all([shared(), shared()]);
  clock.advance(499);
  await shared();
  expect(read).toHaveBeenCalledTimes(1);
  clock.advance(1);
  read.mockRejectedValueOnce(new Error("once"));
  await expect(shared()).rejects.toThrow("once");
  expect(await shared()).toBe(1);
  expect(read).toHaveBeenCalledTimes(3);
});
