import type { FitPlan } from "@deskside/contract";
import type { LoadRecord } from "@deskside/storage";
import { expect, it } from "vitest";
import { calibrationFrom } from "./load-calibration.ts";

const plan: FitPlan = {
  ...{ api: "none", gpuLayers: 0, totalLayers: 31, contextSize: 2048, kvType: "f16", slots: 1, threads: 1 },
  ...{ batchSize: 512, flashAttention: true, expertsInRam: false, devices: [] },
};

/** With a GPU whose driver was predicted and not measured. */
function memory(bytes: number) {
  const ram = { name: "RAM", weightsBytes: 0, kvBytes: 0, bufferBytes: 0, overheadBytes: bytes, bytes };
  return { memoryBytes: bytes + 7, anonymousBytes: 50, devices: [ram, { ...ram, name: "GPU", bytes: 7 }] };
}

function record(change: Partial<LoadRecord> = {}): LoadRecord {
  return {
    ...{ at: 0, modelKey: "a", machineKey: "desk", plan, measured: memory(110) },
    ...{ predicted: { ...memory(100), tokensPerSecond: 10, promptTokensPerSecond: 100 } },
    ...{ tokensPerSecond: 8, promptTokensPerSecond: null, purpose: "load" },
    ...change,
  };
}

it("nothing is learned from nothing", () => {
  expect(calibrationFrom([], "none", "a")).toEqual({ decode: 1, prompt: 1, memory: 1 });
});

it("speed is learned from the same model, else from the same API; memory from the same model only", () => {
  const records = [
    record(),
    record({ modelKey: "b", tokensPerSecond: 5 }),
    record({ modelKey: "b", tokensPerSecond: 5 }),
  ];
  expect(calibrationFrom(records, "none", "a")).toMatchObject({ decode: 0.8, memory: 1.1 });
  expect(calibrationFrom(records, "none", "b").decode).toBe(0.5);
  expect(calibrationFrom(records, "none", "c")).toMatchObject({ decode: 0.5, memory: 1 });
  expect(calibrationFrom(records, "vulkan", "a")).toEqual({ decode: 1, prompt: 1, memory: 1 });
});

it("a comparison of thread counts, a missing figure and an absurd one teach nothing", () => {
  for (const purpose of ["threads-idle", "threads-busy"] as const)
    expect(calibrationFrom([record({ purpose, tokensPerSecond: 1 })], "none", "a")).toMatchObject({
      decode: 1,
      memory: 1,
    });
  expect(calibrationFrom([record({ tokensPerSecond: null })], "none", "a")).toMatchObject({ decode: 1, memory: 1 });
  expect(calibrationFrom([record({ tokensPerSecond: 0.001 })], "none", "a").decode).toBe(0.3);
});
