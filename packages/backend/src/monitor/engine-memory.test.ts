import type { DeviceMemory, EngineState } from "@deskside/contract";
import { expect, test } from "vitest";
import { engineMemory } from "./engine-memory.ts";

function device(name: string, scale: number): DeviceMemory {
  const [weightsBytes, kvBytes, bufferBytes, overheadBytes] = [100 * scale, 10 * scale, scale, 5 * scale];
  return { name, weightsBytes, kvBytes, bufferBytes, overheadBytes, bytes: 116 * scale };
}

function engine(change: Partial<EngineState> & { devices?: DeviceMemory[]; planned?: string[] }): EngineState {
  const { devices, planned, ...rest } = change;
  return {
    ...{ engineId: "e", phase: "ready", model: null, progress: null, contextSize: null, contextUsed: null },
    ...{ threads: null, gpu: null, gpuLayers: null, loadMs: null, tokensPerSecond: null, failures: 0, error: null },
    ...{ predicted: null, notices: [], whyCpu: null },
    plan: {
      ...{
        api: "cuda",
        gpuLayers: 1,
        totalLayers: 1,
        contextSize: 1,
        kvType: "f16",
        slots: 2,
        threads: 1,
        batchSize: 1,
      },
      ...{ flashAttention: false, expertsInRam: false },
      devices: (planned ?? []).map((id) => ({ id, name: `name of ${id}`, layers: 1 })),
    },
    measured: devices ? { memoryBytes: 0, anonymousBytes: 0, devices } : null,
    ...rest,
  };
}

const gpus = [
  { id: "a", name: "RTX" },
  { id: "b", name: "RTX" },
  { id: "c", name: "Other" },
];
const none = { weightsBytes: 0, kvBytes: 0, bufferBytes: 0 };
const unknown = { weightsBytes: null, kvBytes: null, bufferBytes: null };

test("without an engine nothing is held, which is known", () => {
  const { total, byGpu } = engineMemory([engine({ phase: "off" }), engine({ phase: "gave-up" })], gpus);
  expect(total).toEqual(none);
  expect([...byGpu.values()]).toEqual([none, none, none]);
});

test("devices are found by number in the order of the plan, by a name that is unique, and by the plan's name", () => {
  const states = [
    engine({ planned: ["b", "a"], devices: [device("RAM", 1), device("CUDA0", 2), device("CUDA1", 3)] }),
    engine({ planned: ["c"], devices: [device("Other", 4), device("name of c", 8)] }),
  ];
  const { total, byGpu } = engineMemory(states, gpus);
  expect(total.weightsBytes).toBe(1800);
  expect(byGpu.get("a")).toEqual({ weightsBytes: 300, kvBytes: 30, bufferBytes: 3 });
  expect(byGpu.get("b")?.weightsBytes).toBe(200);
  expect(byGpu.get("c")?.weightsBytes).toBe(1200);
});

test("a device that could be either of two is unknown on all, and still part of the total", () => {
  const { total, byGpu } = engineMemory([engine({ devices: [device("RTX", 1)] })], gpus);
  expect(total.weightsBytes).toBe(100);
  expect([...byGpu.values()]).toEqual([unknown, unknown, unknown]);
  const only = engineMemory([engine({ devices: [device("some name", 1)] })], gpus.slice(0, 1));
  expect(only.byGpu.get("a")?.weightsBytes).toBe(100);
});

test("an engine that loads, or told nothing, makes the sum unknown, not smaller", () => {
  const known = engine({ devices: [device("RAM", 1)] });
  expect(engineMemory([known, engine({ phase: "loading" })], gpus).total).toEqual(unknown);
  expect(engineMemory([engine({}), known], gpus).total).toEqual(unknown);
  const predicted = {
    ...{ memoryBytes: 0, anonymousBytes: 0, tokensPerSecond: null, promptTokensPerSecond: null },
    devices: [device("RAM", 2)],
  };
  expect(engineMemory([engine({ predicted })], gpus).total.weightsBytes).toBe(200);
});
