import type { FitPlan, MachineProfile } from "@deskside/contract";
import { describe, expect, test } from "vitest";
import { sampleGpu, sampleMachine, sampleMachines, sampleShapes } from "../../testing/advisor-samples.ts";
import { type ModelShape, noCalibration } from "../model-shape.ts";
import { deviceGroupOf } from "./device-group.ts";
import { predictSpeed } from "./predict-speed.ts";
import { quantClassOf } from "./quant-class.ts";
import { readsPerToken } from "./read-bytes.ts";

const { dense7b, mixture20b } = sampleShapes;

function planWith(
  shape: ModelShape,
  machine: MachineProfile,
  layers: readonly number[],
  changes: Partial<FitPlan> = {},
): FitPlan {
  const gpuLayers = layers.reduce((sum, count) => sum + count, 0);
  return {
    api: gpuLayers > 0 ? (machine.gpus[0]?.api ?? "none") : "none",
    gpuLayers,
    totalLayers: shape.layers.length + 1,
    contextSize: 8192,
    kvType: "f16",
    slots: 1,
    threads: 8,
    batchSize: 512,
    flashAttention: true,
    expertsInRam: false,
    devices: machine.gpus
      .slice(0, layers.length)
      .map(({ id, name }, index) => ({ id, name, layers: layers[index] ?? 0 })),
    ...changes,
  };
}

function speed(shape: ModelShape, machine: MachineProfile, plan: FitPlan, depth = 0) {
  const tflopsOf = (id: string) => (id === "rtx-4090" ? 82.6 : null);
  return predictSpeed(shape, plan, machine, { depth, calibration: noCalibration, tflopsOf });
}

describe("decode", () => {
  const machine = sampleMachines.desktop4090;
  const whole = planWith(dense7b, machine, [29]);

  test("a 7B at Q4_K_M on an RTX 4090 lies between 110 and 190 tokens a second", () => {
    const { tokensPerSecond } = speed(dense7b, machine, whole);
    expect(tokensPerSecond).toBeGreaterThan(110);
    expect(tokensPerSecond).toBeLessThan(190);
  });

  test("a filled context is slower, a quantized cache less so", () => {
    const empty = speed(dense7b, machine, whole).tokensPerSecond ?? 0;
    const full = speed(dense7b, machine, whole, 32_000).tokensPerSecond ?? 0;
    const quantized = speed(dense7b, machine, { ...whole, kvType: "q8_0" }, 32_000).tokensPerSecond ?? 0;
    expect(full).toBeLessThan(empty);
    expect(quantized).toBeGreaterThan(full);
    expect(quantized).toBeLessThan(empty);
  });

  test("every layer moved to the GPU makes it faster", () => {
    let before = speed(dense7b, machine, planWith(dense7b, machine, [])).tokensPerSecond ?? 0;
    for (let layers = 1; layers <= 29; layers++) {
      const now = speed(dense7b, machine, planWith(dense7b, machine, [layers])).tokensPerSecond ?? 0;
      expect(now, `${layers} layers`).toBeGreaterThan(before);
      before = now;
    }
  });

  test("two equal cards with the layers shared are as fast as one", () => {
    const one =
      speed(dense7b, sampleMachines.two3090, planWith(dense7b, sampleMachines.two3090, [29])).tokensPerSecond ?? 0;
    const two =
      speed(dense7b, sampleMachines.two3090, planWith(dense7b, sampleMachines.two3090, [15, 14])).tokensPerSecond ?? 0;
    expect(two / one).toBeCloseTo(1, 5);
  });

  test("a mixture reads the experts it uses, not all", () => {
    const plan = planWith(mixture20b, machine, [25]);
    const mixture = speed(mixture20b, machine, plan).tokensPerSecond ?? 0;
    const dense = speed({ ...mixture20b, experts: null }, machine, plan).tokensPerSecond ?? 0;
    expect(mixture).toBeGreaterThan(2 * dense);
  });

  test("what was learned on the machine multiplies", () => {
    const learned = { decode: 0.5, prompt: 2, memory: 1 };
    const plain = speed(dense7b, machine, whole);
    const corrected = predictSpeed(dense7b, whole, machine, { depth: 0, calibration: learned });
    expect(corrected.tokensPerSecond).toBeCloseTo((plain.tokensPerSecond ?? 0) / 2, 6);
  });

  test("a GPU without a bandwidth has no speed; RAM has a cautious one", () => {
    const blind = { ...machine, gpus: machine.gpus.map((gpu) => ({ ...gpu, bandwidthBytesPerSecond: null })) };
    expect(speed(dense7b, blind, whole).tokensPerSecond).toBeNull();
    const noRam = { ...machine, memory: { ...machine.memory, bandwidthBytesPerSecond: null } };
    const part = planWith(dense7b, noRam, [20]);
    const assumed = speed(dense7b, noRam, part).tokensPerSecond ?? 0;
    expect(assumed).toBeGreaterThan(0);
    expect(assumed).toBeLessThanOrEqual(speed(dense7b, machine, part).tokensPerSecond ?? 0);
    expect(speed(dense7b, noRam, whole).tokensPerSecond).not.toBeNull();
  });

  test("a device of the plan that the machine has not is no speed", () => {
    const plan = { ...whole, devices: [{ id: "gone", name: "gone", layers: 29 }] };
    expect(speed(dense7b, machine, plan)).toEqual({ tokensPerSecond: null, promptTokensPerSecond: null });
  });

  test("a software device has none", () => {
    expect(
      speed(dense7b, sampleMachines.llvmpipe, planWith(dense7b, sampleMachines.llvmpipe, [29])).tokensPerSecond,
    ).toBeNull();
  });

  test("on the processor more threads help until the memory is full, and not beyond the cores", () => {
    const at = (threads: number) =>
      speed(dense7b, sampleMachines.noGpu16, planWith(dense7b, sampleMachines.noGpu16, [], { threads }))
        .tokensPerSecond ?? 0;
    expect(at(2)).toBeGreaterThan(at(1));
    expect(at(64)).toBe(at(8));
    expect(at(0)).toBe(at(1));
  });

  test("an empty shape gives no broken number", () => {
    const empty = { ...dense7b, layers: [], outputBytes: 0, fileBytes: 0, parameters: 0 };
    const { tokensPerSecond, promptTokensPerSecond } = speed(empty, machine, planWith(empty, machine, [1]));
    expect(tokensPerSecond).toBeNull();
    expect(promptTokensPerSecond).toBeNull();
  });
});

describe("prompt", () => {
  test("from arithmetic where the device is in the table, else unknown", () => {
    const machine = sampleMachines.desktop4090;
    const { promptTokensPerSecond } = speed(dense7b, machine, planWith(dense7b, machine, [29]));
    expect(promptTokensPerSecond).toBeGreaterThan(5000);
    expect(promptTokensPerSecond).toBeLessThan(16_000);
    const laptop = sampleMachines.laptop4060;
    expect(speed(dense7b, laptop, planWith(dense7b, laptop, [29])).promptTokensPerSecond).toBeNull();
  });

  test("better instruction sets are faster", () => {
    const at = (...instructionSets: string[]) => {
      const machine = sampleMachine(16, []);
      const other = { ...machine, cpu: { ...machine.cpu, instructionSets } };
      return speed(dense7b, other, planWith(dense7b, other, [])).promptTokensPerSecond ?? 0;
    };
    expect(at("avx", "avx2", "avx512f")).toBeGreaterThan(at("avx", "avx2"));
    expect(at("avx2")).toBeGreaterThan(at());
    expect(at()).toBeGreaterThan(0);
  });
});

describe("what a token reads", () => {
  test("the last layers and the output are on the GPU, the first in RAM", () => {
    const machine = sampleMachines.two3090;
    const reads = readsPerToken(dense7b, planWith(dense7b, machine, [6, 4]), 0);
    expect(reads.map(({ device, layers }) => [device, layers])).toEqual([
      [-1, 19],
      [0, 6],
      [1, 3],
    ]);
    const total = reads.reduce((sum, { weightBytes }) => sum + weightBytes, 0);
    expect(total).toBeCloseTo(dense7b.fileBytes - dense7b.embeddingBytes, -2);
  });

  test("by kind of memory", () => {
    const layer = dense7b.layers[0]!;
    const kv = (memory: typeof layer.memory, stateBytes = 0) => {
      const shape = { ...dense7b, layers: [{ ...layer, memory, stateBytes }], slidingWindow: 100 };
      const plan = planWith(shape, sampleMachines.noGpu16, []);
      return readsPerToken(shape, plan, 1000)[0]?.kvBytes;
    };
    expect(kv("full")).toBe(1000 * 4 * 256 * 2);
    expect(kv("sliding")).toBe(100 * 4 * 256 * 2);
    expect(kv("latent")).toBe(1000 * 4 * 128 * 2);
    expect(kv("recurrent", 500)).toBe(1000);
    expect(kv("none")).toBe(0);
  });
});

describe("groups", () => {
  test.each([
    ["NVIDIA GeForce RTX 5090", { bandwidthBytesPerSecond: 1792e9, capability: "12.0" }, "nvidia-fast"],
    ["NVIDIA A100-SXM4-80GB", { bandwidthBytesPerSecond: 2039e9, capability: "8.0" }, "nvidia-hbm"],
    ["NVIDIA GeForce RTX 3060", { bandwidthBytesPerSecond: 360e9, capability: "8.6" }, "nvidia"],
    ["NVIDIA GB10", { unified: true, capability: "12.1" }, "nvidia-unified"],
    ["AMD Radeon RX 9070 XT", { vendor: "amd", capability: "gfx1201" }, "amd-rdna4"],
    ["AMD Radeon RX 7900 XTX", { vendor: "amd", capability: "gfx1100" }, "amd"],
    ["AMD Radeon 8060S Graphics", { vendor: "amd", unified: true }, "amd-unified"],
    ["Apple M3 Ultra", { vendor: "apple", unified: true }, "apple-ultra"],
    ["Apple M4", { vendor: "apple", unified: true }, "apple"],
    ["Intel Arc B580", { vendor: "intel" }, "intel"],
    ["llvmpipe", { vendor: "software" }, null],
    ["Matrox", { vendor: "unknown" }, null],
  ] as const)("%s", (name, changes, group) => {
    expect(deviceGroupOf(sampleGpu(name, changes))).toBe(group);
  });

  test.each([
    ["Q4_K_M", "mid"],
    ["UD-Q4_K_XL", "mid"],
    ["MXFP4", "mid"],
    ["IQ4_XS", "mid"],
    ["Q3_K_S", "mid"],
    ["UD-IQ2_XXS", "low"],
    ["TQ1_0", "low"],
    ["Q2_K", "low"],
    ["Q8_0", "high"],
    ["UD-Q8_K_XL", "high"],
    ["BF16", "high"],
    ["F32", "high"],
  ] as const)("%s is %s", (quantization, expected) => {
    expect(quantClassOf({ quantization, fileBytes: 0, parameters: 0 })).toBe(expected);
  });

  test("without a readable name the bits decide", () => {
    expect(quantClassOf({ quantization: null, fileBytes: 16e9, parameters: 8e9 })).toBe("high");
    expect(quantClassOf({ quantization: "best", fileBytes: 2e9, parameters: 8e9 })).toBe("low");
    expect(quantClassOf({ quantization: null, fileBytes: 0, parameters: 0 })).toBe("mid");
  });
});
