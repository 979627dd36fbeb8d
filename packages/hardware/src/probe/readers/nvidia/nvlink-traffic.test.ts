import { expect, test } from "vitest";
import { createFakeSource, createTestClock } from "../test/fake-source.ts";
import { createNvlinkTraffic, nvlinkEveryMs, parseNvlinkCounters } from "./nvlink-traffic.ts";

const report = (kib: number) =>
  `GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-a)\n\t Link 0: Data Tx: ${kib} KiB\n\t Link 0: Data Rx: ${kib} KiB\n\t Link 1: Data Tx: N/A\n` +
  "GPU 1: NVIDIA H100 80GB HBM3 (UUID: GPU-b)\n\t Link 0: Data Tx: 7 KiB\n";

test("counters of all links of a GPU, in both spellings", () => {
  expect([...parseNvlinkCounters(report(100))]).toEqual([
    [0, 200 * 1024],
    [1, 7 * 1024],
  ]);
  const older = "GPU 2: NVIDIA H200 (UUID: GPU-a)\r\n\r\n Link 0: Tx0: 1000000 KiB\r\n Link 0: Rx0: 2000000 KiB\r\n";
  expect([...parseNvlinkCounters(older)]).toEqual([[2, 3_000_000 * 1024]]);
});

test("errors, states and garbage are no counters", () => {
  for (const text of [
    "",
    " Link 0: Data Tx: 5 KiB",
    "GPU 0: x\n Link 0: 26.562 GB/s\n Link 1: Replay Errors: 0\n Link 2: Data Tx: -4 KiB\n Link 3: Data Tx: 1e9 KiB",
    "NVML: Unable to retrieve Nvlink information as all links are inActive",
    "\u0000".repeat(100_000),
  ]) {
    expect(parseNvlinkCounters(text).size).toBe(0);
  }
});

test("traffic is what was counted between two answers, asked every five seconds", async () => {
  const [source, clock] = [createFakeSource(), createTestClock()];
  const traffic = createNvlinkTraffic(source, clock);
  const answer = async (text: string) => {
    source.answers.set("nvidia-smi nvlink -gt d", text);
    clock.advance(nvlinkEveryMs);
    traffic.refresh();
    traffic.refresh();
    await new Promise(setImmediate);
  };
  await answer(report(1000));
  expect(traffic.of(0)).toBeNull();
  await answer(report(6000));
  expect(source.calls).toHaveLength(2);
  expect(traffic.of(0)).toBe((2 * 5000 * 1024) / 5);
  expect([traffic.of(1), traffic.of(9)]).toEqual([0, null]);
  await answer(report(10));
  expect(traffic.of(0)).toBeNull();
  await answer(report(15));
  expect(traffic.of(0)).toBe((2 * 5 * 1024) / 5);
  clock.advance(60_000);
  expect(traffic.of(0)).toBeNull();
  await answer("NVML: Unable to retrieve Nvlink information");
  expect(traffic.of(0)).toBeNull();
});
