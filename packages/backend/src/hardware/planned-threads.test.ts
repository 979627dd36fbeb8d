import type { FitPlan } from "@deskside/contract";
import type { Machine } from "@deskside/hardware";
import type { LoadRecord } from "@deskside/storage";
import { expect, it } from "vitest";
import { planThreads } from "./planned-threads.ts";

const machine: Machine = {
  ...{ cpu: "x", physicalCores: 8, logicalCores: 16, memoryBytes: 32e9, platform: "linux", arch: "x64" },
};
const plan: FitPlan = {
  ...{ api: "none", gpuLayers: 0, totalLayers: 31, contextSize: 2048, kvType: "f16", slots: 1, threads: 1 },
  ...{ batchSize: 512, flashAttention: true, expertsInRam: false, devices: [] },
};

function measured(threads: number, tokensPerSecond: number, besideBusy: boolean, weightsBytes = 4e9): LoadRecord {
  const ram = { name: "RAM", weightsBytes, kvBytes: 0, bufferBytes: 0, overheadBytes: 0, bytes: weightsBytes };
  const memory = { memoryBytes: weightsBytes, anonymousBytes: 0, devices: [ram] };
  return {
    ...{
      at: 0,
      modelKey: "a",
      machineKey: "desk",
      plan: { ...plan, threads },
      measured: memory,
      purpose: besideBusy ? "threads-busy" : "threads-idle",
    },
    ...{ predicted: { ...memory, tokensPerSecond: 1, promptTokensPerSecond: 1 } },
    ...{ tokensPerSecond, promptTokensPerSecond: null },
  };
}
const sweep = [measured(4, 9, false), measured(4, 6, true), measured(7, 12, false), measured(7, 0.5, true)];

it.each<[string, number | null, number, LoadRecord[], number]>([
  ["by rule", null, 4e9, [], 7],
  ["what holds up, once it was measured", null, 4e9, sweep, 4],
  ["not for models of another size", null, 5e6, sweep, 1],
  ["a half measurement is none", null, 4e9, sweep.filter(({ purpose }) => purpose === "threads-idle"), 7],
  ["what the person set", 3, 4e9, sweep, 3],
  ["but never more than there are processors", 200, 4e9, sweep, 16],
])("%s", (_name, setting, weightBytes, records, threads) => {
  expect(planThreads({ setting, weightBytes, machine, records })).toBe(threads);
});
