import { expect, test } from "vitest";
import type { DmonReading } from "../../nvidia/nvidia-dmon.ts";
import { createFakeSource, createTestClock } from "../test/fake-source.ts";
import { createDmonStream, longestRestartMs, settledMs, silentMs } from "./dmon-stream.ts";

const header = "# gpu    pwr  gtemp  mtemp     sm    mem   mclk   pclk     fb   bar1  rxpci  txpci";
const line = "    0     64     34      -     97      5   2619   1980  30000      1    120     80";

function setUp() {
  const source = createFakeSource();
  const clock = createTestClock();
  const readings: DmonReading[] = [];
  return { source, clock, readings, stream: createDmonStream(source, clock, (reading) => readings.push(reading)) };
}

test("one process, however often it is asked for, and its lines by the header's positions", () => {
  const { source, clock, readings, stream } = setUp();
  for (let second = 0; second < 4; second++) {
    stream.keepRunning();
    source.runs[0]?.say(second === 0 ? header : line);
    clock.advance(1000);
  }
  expect(source.runs).toHaveLength(1);
  expect(source.runs[0]?.args).toContain("dmon");
  expect(stream.streaming).toBe(true);
  expect(readings).toHaveLength(3);
  expect(readings[0]).toMatchObject({ index: 0, utilisation: 97, power: 64, temperature: 34, clock: 1980e6 });
  expect(readings[0]).toMatchObject({ usedBytes: 30000 * 1024 ** 2, receivedPerSecond: 120 * 1024 ** 2 });
});

test("a process that dies is started again after 1, 2, 4 … seconds, at most five minutes", async () => {
  const { source, clock, stream } = setUp();
  const waits: number[] = [];
  let wait = 0;
  stream.keepRunning();
  for (let second = 0; second < 1500; second++) {
    const before = source.runs.length;
    await source.runs.at(-1)?.end();
    clock.advance(1000);
    wait += 1000;
    stream.keepRunning();
    if (source.runs.length === before) continue;
    waits.push(wait);
    wait = 0;
  }
  expect(waits.slice(0, 5)).toEqual([1000, 2000, 4000, 8000, 16_000]);
  expect(waits.at(-1)).toBe(longestRestartMs);
});

test("one that worked for a minute is back after a second; one that flaps is not", async () => {
  const { source, clock, stream } = setUp();
  const startsWithin = (ms: number) => {
    clock.advance(ms);
    stream.keepRunning();
    return source.runs.length;
  };
  const workAndEnd = async (ms: number) => {
    source.runs.at(-1)?.say(header);
    for (let at = 0; at < ms; at += 1000) {
      clock.advance(1000);
      source.runs.at(-1)?.say(line);
    }
    await source.runs.at(-1)?.end();
  };
  expect(startsWithin(0)).toBe(1);
  await workAndEnd(2000);
  expect(startsWithin(1000)).toBe(2);
  await workAndEnd(2000);
  expect(startsWithin(1000)).toBe(2);
  expect(startsWithin(1000)).toBe(3);
  await workAndEnd(settledMs);
  expect(startsWithin(1000)).toBe(4);
});

test("silence, garbage and a header alone end the process", () => {
  for (const said of [[], ["\u0000\u0001 garbage", "    0     64"], [header, "# Idx      W      C"]]) {
    const { source, clock, readings, stream } = setUp();
    stream.keepRunning();
    for (let second = 0; second <= silentMs / 1000; second++) {
      for (const text of said) source.runs[0]?.say(text);
      stream.keepRunning();
      expect(source.runs[0]?.stopped).toBe(false);
      clock.advance(1000);
    }
    stream.keepRunning();
    expect(source.runs[0]?.stopped).toBe(true);
    expect([readings.length, stream.streaming, source.runs.length]).toEqual([0, false, 1]);
  }
});

test("what an ended process still says is not heard; after a stop it may start at once", () => {
  const { source, readings, stream } = setUp();
  stream.keepRunning();
  stream.stop();
  source.runs[0]?.say(header);
  source.runs[0]?.say(line);
  expect(readings).toEqual([]);
  stream.keepRunning();
  expect(source.runs).toHaveLength(2);
});
