import { deskError, type MonitorSample } from "@deskside/contract";
import type { MonitorRepository, SampleBlock } from "@deskside/storage";
import { expect, test } from "vitest";
import { createTestClock, createTestLog, gpuOf, sampleAt, startAt } from "../test/make-sample.ts";
import { createSampleHistory } from "./sample-history.ts";
import { buildSeries } from "./series.ts";

/** A store in memory with the rules of the real one, that can be made to fail. */
function createMemoryStore() {
  const blocks = new Map<string, SampleBlock>();
  const state = { failure: null as Error | null, writes: 0 };
  const touch = ({ at }: SampleBlock) => ({ start: at[0] ?? 0, end: at.at(-1) ?? 0 });
  const store: MonitorRepository = {
    write(list) {
      if (state.failure) throw state.failure;
      state.writes++;
      for (const block of list) blocks.set(block.id, block);
    },
    read: ({ resolutionMs, from, to }) => {
      if (state.failure) throw state.failure;
      const hits = [...blocks.values()].filter((block) => block.resolutionMs === resolutionMs);
      return hits.filter((block) => touch(block).end >= from && touch(block).start <= to);
    },
    prune(rules) {
      const doomed = rules.flatMap(({ resolutionMs, before, after, keepBlocks }) => {
        const mine = [...blocks.values()].filter((block) => block.resolutionMs === resolutionMs);
        const extra = mine.slice(0, Math.max(0, mine.length - keepBlocks));
        return [...mine.filter((block) => touch(block).end < before || touch(block).start > after), ...extra];
      });
      for (const { id } of doomed) blocks.delete(id);
      return doomed.length;
    },
  };
  return { store, blocks, state };
}

function setUp() {
  const clock = createTestClock();
  const log = createTestLog();
  const memory = createMemoryStore();
  const open = () => createSampleHistory({ store: memory.store, clock, log });
  const history = open();
  const run = (
    seconds: number,
    change: (second: number) => Parameters<typeof sampleAt>[1] = () => ({}),
    into = history,
  ) => {
    for (let second = 0; second < seconds; second++) {
      clock.advance(1000);
      into.add(sampleAt(clock.now(), change(second)));
      if (second % 10 === 9) into.flush();
    }
  };
  const read = (resolutionMs: number, span = 3600_000, from = history) => {
    const window = { from: clock.now() - span, to: clock.now(), resolutionMs };
    return buildSeries(from.read(window), { ...window, points: 1e6 });
  };
  return { clock, log, ...memory, history, open, run, read };
}

const steps = (at: readonly number[]) => new Set(at.slice(1).map((time, index) => time - (at[index] ?? 0)));

test("every resolution has every reading: means, peaks and sums come out as computed by hand", () => {
  const { run, read, history } = setUp();
  run(600, (second) => ({
    cpu: second % 10,
    engine: { tokens: 3, crashes: second === 5 ? 1 : 0 },
    gpus: [gpuOf({ temperature: second === 123 ? 91 : 50 })],
  }));
  history.flush();
  const fine = read(1000);
  expect(fine.at).toHaveLength(600);
  expect(steps(fine.at)).toEqual(new Set([1000]));
  const ten = read(10_000);
  expect(steps(ten.at)).toEqual(new Set([10_000]));
  const minute = read(60_000);
  expect(steps(minute.at)).toEqual(new Set([60_000]));
  for (const series of [fine, ten, minute]) {
    const sum = (key: string) => (series.values[key] ?? []).reduce<number>((all, value) => all + (value ?? 0), 0);
    expect(sum("engine.tokens")).toBe(1800);
    expect(sum("engine.crashes")).toBe(1);
    expect(Math.max(...(series.values["gpu.0000:01:00.0.temperature"] ?? []).map(Number))).toBe(91);
    // The last interval may be one reading long.
    expect(series.values["cpu"]?.slice(1, -1).every((cpu) => series === fine || cpu === 4.5)).toBe(true);
  }
});

test("what is not on disk yet is read as well, and nothing twice", () => {
  const { run, read, clock, history } = setUp();
  run(27);
  expect(read(1000).at).toHaveLength(27);
  history.add(sampleAt(clock.now() + 500));
  expect(read(1000).at).toHaveLength(27);
  clock.advance(500);
  expect(read(1000).at).toHaveLength(28);
  expect(new Set(read(10_000).at).size).toBe(read(10_000).at.length);
});

test("a kill costs what came since the last flush, in every resolution", () => {
  const { run, read, open } = setUp();
  run(95);
  const after = open();
  expect(read(1000, 3600_000, after).at).toHaveLength(90);
  const tokens = (resolution: number) => read(resolution, 3600_000, after).values["memory.used"]?.length;
  expect(tokens(10_000)).toBeGreaterThanOrEqual(9);
  expect(tokens(60_000)).toBeGreaterThanOrEqual(2);
});

test("a failing store: readings stay readable, one line in the log, and all of it is written when it recovers", () => {
  const { run, read, state, log, blocks, history } = setUp();
  state.failure = deskError("DISK_FULL", { path: "/x" });
  run(300);
  expect(read(1000).at).toHaveLength(300);
  expect(log.lines).toHaveLength(2);
  state.failure = null;
  history.flush();
  expect(read(1000).at).toHaveLength(300);
  const stored = [...blocks.values()].filter(({ resolutionMs }) => resolutionMs === 1000);
  expect(stored.reduce((sum, { at }) => sum + at.length, 0)).toBe(300);
});

test("a store that never takes anything does not fill the memory: an hour of seconds is kept", () => {
  const { run, state, history, clock } = setUp();
  state.failure = deskError("STORE_READ_ONLY", { reason: "read-only-disk" });
  run(2 * 3600);
  const all = history.read({ resolutionMs: 1000, from: 0, to: clock.now() });
  const kept = all.reduce((sum, { at }) => sum + at.length, 0);
  expect(kept).toBeGreaterThanOrEqual(3600);
  expect(kept).toBeLessThanOrEqual(3700);
});

test("the clock set back an hour: nothing is lost, times stay ascending", () => {
  const { run, read, clock, history } = setUp();
  run(120);
  clock.setWall(clock.now() - 3600_000);
  run(120);
  history.flush();
  expect(read(1000).at).toHaveLength(120);
  clock.setWall(clock.now() + 3600_000);
  const both = read(1000, 2 * 3600_000);
  expect(both.at).toHaveLength(240);
  expect([...steps(both.at)].every((step) => step >= 0)).toBe(true);
});

test("the clock set ahead by a day and back: the last hour is still there, and the day ahead goes later", () => {
  const { run, read, clock, blocks } = setUp();
  run(1200);
  clock.setWall(clock.now() + 24 * 3600_000);
  run(600);
  clock.setWall(clock.now() - 24 * 3600_000);
  run(600);
  expect(read(1000).at).toHaveLength(1800);
  const ahead = () => [...blocks.values()].filter(({ at }) => (at[0] ?? 0) > clock.now() + 60_000).length;
  expect(ahead()).toBeGreaterThan(0);
  run(3600 + 400);
  expect(ahead()).toBe(0);
});

test("old readings go: an hour of seconds, a day of ten seconds, a week of minutes", () => {
  const { clock, history, blocks } = setUp();
  // Idle: a reading each ten seconds, eight days long.
  for (let index = 0; index < (8 * 24 * 3600) / 10; index++) {
    clock.advance(10_000);
    history.add(sampleAt(clock.now()));
    if (index % 6 === 5) history.flush();
  }
  const oldest = (resolution: number) => {
    const mine = [...blocks.values()].filter(({ resolutionMs }) => resolutionMs === resolution);
    return (clock.now() - Math.min(...mine.map(({ at }) => at[0] ?? 0))) / 3600_000;
  };
  expect(oldest(1000)).toBeGreaterThan(0.99);
  expect(oldest(1000)).toBeLessThan(1.2);
  expect(oldest(10_000)).toBeGreaterThan(23.9);
  expect(oldest(10_000)).toBeLessThan(24.4);
  expect(oldest(60_000)).toBeGreaterThan(167.9);
  expect(oldest(60_000)).toBeLessThan(169.2);
});

test("a GPU that appears and goes does not disturb the readings around it", () => {
  const { run, read } = setUp();
  run(40, (second) => (second >= 10 && second < 20 ? { gpus: [gpuOf({ power: second })] } : {}));
  const power = read(1000).values["gpu.0000:01:00.0.power"];
  expect(power?.map((value) => value ?? "-").join(" ")).toBe(
    `${"- ".repeat(10)}10 11 12 13 14 15 16 17 18 19${" -".repeat(20)}`,
  );
});

test("many starts do not make the store grow without end", () => {
  const { open, clock, blocks, run } = setUp();
  for (let start = 0; start < 400; start++) {
    const history = open();
    clock.advance(2000);
    history.add(sampleAt(clock.now()) satisfies MonitorSample);
    history.flush();
  }
  run(400);
  const fine = [...blocks.values()].filter(({ resolutionMs }) => resolutionMs === 1000);
  expect(fine.length).toBeLessThanOrEqual(4 * 60 + 10);
  expect(startAt).toBeLessThan(clock.now());
});
