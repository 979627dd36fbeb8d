import { type FitPlan, kvTypes } from "@deskside/contract";
import { describe, expect, it } from "vitest";
import type { LayerShape, ModelShape } from "../model-shape.ts";
import { estimateMemory } from "./estimate-memory.ts";
import { kvBytesOfLayer, kvBytesPerElement } from "./kv-cache.ts";

const mebibyte = 2 ** 20;
const avx2 = { instructionSets: ["avx2"] };

const layer: LayerShape = {
  weightBytes: 132.3e6,
  expertBytes: 0,
  matrixBytesByType: { Q4_K: 111.5e6, Q6_K: 20e6 },
  memory: "full",
  kvHeads: 4,
  keyLength: 128,
  valueLength: 128,
  stateBytes: 0,
};
/** DeepSeek-R1-Distill-Qwen-7B, Q4_K_M. */
const seven: ModelShape = {
  architecture: "qwen2",
  quantization: "Q4_K_M",
  fileBytes: 4_683_073_248,
  headerBytes: 5_953_248,
  layers: Array.from({ length: 28 }, () => layer),
  embeddingBytes: 306_561_024,
  outputBytes: 447_082_496,
  outputMatrixBytes: 447_068_160,
  tiedOutput: false,
  outputType: "Q6_K",
  hidden: 3584,
  heads: 28,
  feedForward: 18_944,
  vocabulary: 152_064,
  contextTrained: 131_072,
  slidingWindow: null,
  experts: null,
  recurrentInner: 0,
  parameters: 7.6e9,
  role: "chat",
  source: "header",
};
const cpu: FitPlan = {
  api: "none",
  gpuLayers: 0,
  totalLayers: 29,
  contextSize: 2048,
  kvType: "f16",
  slots: 1,
  threads: 1,
  batchSize: 512,
  flashAttention: true,
  expertsInRam: false,
  devices: [],
};
const gpu = (gpuLayers: number, ...shares: number[]): FitPlan => ({
  ...cpu,
  api: "cuda",
  gpuLayers,
  devices: (shares.length > 0 ? shares : [gpuLayers]).map((layers, index) => ({
    id: `${index}`,
    name: `GPU ${index}`,
    layers,
  })),
});
const full = (plan: FitPlan, shape = seven) => estimateMemory(shape, plan, avx2);
const ramOf = (plan: FitPlan, shape = seven) => full(plan, shape).devices[0];

describe("cache", () => {
  it.each([
    [2048, 112],
    [8192, 448],
    [32_768, 1792],
    [2049, 126],
  ])("takes what llama.cpp printed at %i tokens", (contextSize, mebibytes) => {
    expect((ramOf({ ...cpu, contextSize })?.kvBytes ?? 0) / mebibyte).toBe(mebibytes);
  });

  it("keeps a window, a batch and one more of a sliding layer", () => {
    const shape = { ...seven, slidingWindow: 512 };
    const sliding = { ...layer, memory: "sliding", kvHeads: 2, keyLength: 256, valueLength: 256 } as const;
    const at = (contextSize: number, batchSize = 512) =>
      kvBytesOfLayer(sliding, shape, { ...cpu, contextSize, batchSize }) / 2048;
    expect([at(512), at(2048), at(16_384), at(2048, 128)]).toEqual([512, 1280, 1280, 768]);
  });

  it("keeps keys alone of a latent layer: 70,272 bytes a token for the 61 layers of DeepSeek V3", () => {
    const latent = { ...layer, memory: "latent", kvHeads: 1, keyLength: 576, valueLength: 512 } as const;
    expect((61 * kvBytesOfLayer(latent, seven, cpu)) / 2048).toBe(70_272);
  });

  it("is smaller in a smaller type, and as the blocks of the types say", () => {
    expect(kvBytesPerElement.q8_0).toBe(1.0625);
    expect(kvBytesPerElement.q4_0).toBe(0.5625);
    const sizes = kvTypes.map((kvType) => kvBytesOfLayer(layer, seven, { ...cpu, kvType }));
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
  });
});

describe("weights", () => {
  it("counts what is repacked twice, and only where the processor repacks it", () => {
    const plain = estimateMemory(seven, cpu, { instructionSets: [] });
    const repacked = full(cpu);
    const copies = (repacked.devices[0]?.weightsBytes ?? 0) - (plain.devices[0]?.weightsBytes ?? 0);
    expect(copies).toBe(28 * 111.5e6);
    expect(repacked.anonymousBytes - plain.anonymousBytes).toBe(copies);
    // With a GPU that reads host memory nothing is copied, also when it has no layer.
    expect(ramOf(gpu(0))?.weightsBytes).toBe(plain.devices[0]?.weightsBytes);
  });

  it("leaves the embedding in RAM and puts the output on the GPU first", () => {
    const [ram, card] = full(gpu(1)).devices;
    expect(card?.weightsBytes).toBe(seven.outputBytes);
    expect(ram?.weightsBytes).toBe(seven.embeddingBytes + 28 * 132.3e6);
    expect(ramOf(gpu(29))?.weightsBytes).toBe(seven.embeddingBytes);
    expect(full(gpu(999)).devices).toEqual(full(gpu(29)).devices);
  });

  it("has a tied output once in RAM, twice when it is on a GPU", () => {
    const tied = {
      ...seven,
      tiedOutput: true,
      outputBytes: seven.embeddingBytes + 8,
      outputMatrixBytes: seven.embeddingBytes,
    };
    const total = (plan: FitPlan) => full(plan, tied).devices.reduce((sum, device) => sum + device.weightsBytes, 0);
    expect(total(gpu(29)) - total(gpu(0))).toBe(seven.embeddingBytes);
  });

  it("splits unevenly as the plan says", () => {
    const [, first, second] = full(gpu(20, 5, 15)).devices;
    expect(first).toMatchObject({ name: "GPU 0", weightsBytes: 5 * 132.3e6, kvBytes: 5 * 4 * mebibyte });
    expect(second).toMatchObject({ name: "GPU 1", weightsBytes: 14 * 132.3e6 + seven.outputBytes });
    expect(second?.bufferBytes).toBeGreaterThan(first?.bufferBytes ?? 0);
  });

  it("keeps experts in RAM when asked to", () => {
    const mixed = { ...layer, expertBytes: 500e6 };
    const mixture = {
      ...seven,
      layers: [layer, ...Array.from({ length: 3 }, () => mixed)],
      experts: { total: 8, used: 2, feedForward: 100 },
    };
    const [ram, card] = full({ ...gpu(5), expertsInRam: true }, mixture).devices;
    expect(ram?.weightsBytes).toBe(seven.embeddingBytes + 1500e6);
    expect(card?.weightsBytes).toBe(4 * 132.3e6 + seven.outputBytes);
  });
});

describe("whatever the plan", () => {
  const shapes: [string, ModelShape][] = [
    ["dense", seven],
    [
      "sliding",
      {
        ...seven,
        slidingWindow: 1024,
        layers: seven.layers.map((one, index) => (index % 6 === 5 ? one : { ...one, memory: "sliding" })),
      },
    ],
    [
      "latent",
      {
        ...seven,
        layers: seven.layers.map((one) => ({ ...one, memory: "latent", kvHeads: 1, keyLength: 576, valueLength: 512 })),
      },
    ],
    [
      "recurrent",
      {
        ...seven,
        recurrentInner: 4096,
        layers: seven.layers.map((one, index) =>
          index % 4 === 3 ? one : { ...one, memory: "recurrent", kvHeads: 0, stateBytes: 3e6 },
        ),
      },
    ],
    [
      "encoder",
      {
        ...seven,
        outputBytes: 0,
        outputMatrixBytes: 0,
        layers: seven.layers.map((one) => ({ ...one, memory: "none", kvHeads: 0, keyLength: 0, valueLength: 0 })),
      },
    ],
    [
      "one layer of nothing",
      {
        ...seven,
        layers: [{ ...layer, weightBytes: 0, matrixBytesByType: {}, memory: "none", kvHeads: 0 }],
        hidden: 0,
        heads: 0,
        vocabulary: 0,
        feedForward: 0,
      },
    ],
  ];
  const contexts = [1, 255, 256, 257, 512, 2048, 8192, 131_072, 1_048_576];
  const variants: FitPlan[] = [
    cpu,
    { ...cpu, flashAttention: false },
    { ...cpu, slots: 4 },
    gpu(0),
    gpu(7),
    gpu(29),
    gpu(20, 1, 19),
    { ...gpu(15), api: "metal" },
  ];

  it.each(shapes)("has sane parts that add up: %s", (_name, shape) => {
    for (const variant of variants) {
      for (const contextSize of contexts) {
        for (const kvType of kvTypes) {
          const use = full({ ...variant, contextSize, kvType }, shape);
          for (const device of use.devices) {
            const parts = [device.weightsBytes, device.kvBytes, device.bufferBytes, device.overheadBytes];
            for (const part of parts) expect(Number.isSafeInteger(part) && part >= 0).toBe(true);
            expect(device.bytes).toBe(parts.reduce((sum, part) => sum + part, 0));
          }
          expect(use.memoryBytes).toBe(use.devices.reduce((sum, device) => sum + device.bytes, 0));
          expect(use.anonymousBytes).toBeLessThanOrEqual(use.devices[0]?.bytes ?? 0);
        }
      }
    }
  });

  it.each(shapes)("never takes less for more context, slots or a larger cache type: %s", (_name, shape) => {
    const never = (plans: FitPlan[]) => {
      const sizes = plans.map((plan) => full(plan, shape).devices.map((device) => device.bytes));
      for (const [index, size] of sizes.entries()) {
        for (const [device, bytes] of size.entries())
          expect(bytes).toBeGreaterThanOrEqual(sizes[index - 1]?.[device] ?? 0);
      }
    };
    for (const variant of variants) {
      never(contexts.map((contextSize) => ({ ...variant, contextSize })));
      never([1, 2, 4, 8].map((slots) => ({ ...variant, slots })));
      never([...kvTypes].reverse().map((kvType) => ({ ...variant, kvType })));
      never([1, 64, 512, 2048].map((batchSize) => ({ ...variant, batchSize })));
    }
  });

  it.each(shapes)("never leaves more weights or cache in RAM with more layers on the GPU: %s", (_name, shape) => {
    const rams = Array.from({ length: 31 }, (_, gpuLayers) => full(gpu(gpuLayers), shape).devices[0]);
    for (const [index, ram] of rams.entries()) {
      expect(ram?.weightsBytes).toBeLessThanOrEqual(rams[index - 1]?.weightsBytes ?? Infinity);
      expect(ram?.kvBytes).toBeLessThanOrEqual(rams[index - 1]?.kvBytes ?? Infinity);
    }
  });
});
