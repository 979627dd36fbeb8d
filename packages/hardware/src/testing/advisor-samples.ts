import type { Gpu, MachineProfile, MemoryUse } from "@deskside/contract";
import type { FitWish, LayerShape, ModelShape } from "../advisor/model-shape.ts";
import type { EstimateMemory } from "../advisor/plan/plan-fit.ts";

const gib = 2 ** 30;

/** Machines and models for tests of the advisor: sizes and bandwidths as published, free memory as on a used desk. */
export function sampleGpu(name: string, changes: Partial<Gpu> = {}): Gpu {
  return {
    id: "0000:01:00.0",
    vendor: "nvidia",
    name,
    unified: false,
    vramTotalBytes: 8 * gib,
    vramFreeBytes: 7.4 * gib,
    driver: "580",
    api: "cuda",
    bandwidthBytesPerSecond: 256e9,
    bandwidthSource: "table",
    tableId: null,
    capability: "8.9",
    migUuid: null,
    ...changes,
  };
}

export function sampleMachine(
  ramGiB: number,
  gpus: readonly Gpu[],
  changes: Partial<MachineProfile> = {},
): MachineProfile {
  return {
    at: 0,
    platform: "linux",
    arch: "x64",
    system: "Linux",
    cpu: {
      name: "8 cores",
      physicalCores: 8,
      logicalCores: 16,
      performanceCores: null,
      instructionSets: ["avx", "avx2"],
    },
    memory: {
      totalBytes: ramGiB * gib,
      freeBytes: ramGiB * gib * 0.75,
      bandwidthBytesPerSecond: 60e9,
      bandwidthSource: "measured",
    },
    gpus: [...gpus],
    links: [],
    disks: [],
    battery: null,
    notes: [],
    ...changes,
  };
}

export const sampleMachines = {
  laptop4060: sampleMachine(32, [sampleGpu("NVIDIA GeForce RTX 4060 Laptop GPU", { tableId: "rtx-4060-laptop" })]),
  desktop4090: sampleMachine(64, [
    sampleGpu("NVIDIA GeForce RTX 4090", {
      vramTotalBytes: 24 * gib,
      vramFreeBytes: 23 * gib,
      bandwidthBytesPerSecond: 1008e9,
      tableId: "rtx-4090",
    }),
  ]),
  two3090: sampleMachine(64, [
    sampleGpu("NVIDIA GeForce RTX 3090", {
      vramTotalBytes: 24 * gib,
      vramFreeBytes: 23.5 * gib,
      bandwidthBytesPerSecond: 936e9,
      capability: "8.6",
    }),
    sampleGpu("NVIDIA GeForce RTX 3090", {
      id: "0000:02:00.0",
      vramTotalBytes: 24 * gib,
      vramFreeBytes: 13 * gib,
      bandwidthBytesPerSecond: 936e9,
      capability: "8.6",
    }),
  ]),
  h100: sampleMachine(256, [
    sampleGpu("NVIDIA H100 80GB HBM3", {
      vramTotalBytes: 80 * gib,
      vramFreeBytes: 79 * gib,
      bandwidthBytesPerSecond: 3350e9,
      capability: "9.0",
      tableId: "h100-sxm",
    }),
  ]),
  migSlices: sampleMachine(
    128,
    [10, 20].map((size, index) =>
      sampleGpu(`NVIDIA H100 MIG ${index}`, {
        id: `MIG-${index}`,
        migUuid: `MIG-${index}`,
        vramTotalBytes: size * gib,
        vramFreeBytes: (size - 0.1) * gib,
        bandwidthBytesPerSecond: 400e9 * (index + 1),
        capability: "9.0",
      }),
    ),
  ),
  m4Max64: sampleMachine(64, [
    sampleGpu("Apple M4 Max", {
      vendor: "apple",
      unified: true,
      api: "metal",
      vramTotalBytes: 48 * gib,
      vramFreeBytes: 48 * gib,
      bandwidthBytesPerSecond: 546e9,
      tableId: "apple-m4-max",
      capability: null,
    }),
  ]),
  strixHalo128: sampleMachine(128, [
    sampleGpu("AMD Radeon 8060S Graphics", {
      vendor: "amd",
      unified: true,
      api: "vulkan",
      vramTotalBytes: 120 * gib,
      vramFreeBytes: 118 * gib,
      bandwidthBytesPerSecond: 256e9,
      tableId: "radeon-8060s",
      capability: "gfx1151",
    }),
  ]),
  noGpu16: sampleMachine(16, []),
  small8: sampleMachine(8, []),
  llvmpipe: sampleMachine(16, [
    sampleGpu("llvmpipe (LLVM 15.0.6, 256 bits)", {
      vendor: "software",
      api: "vulkan",
      vramTotalBytes: 2 * gib,
      vramFreeBytes: 2 * gib,
      bandwidthBytesPerSecond: null,
    }),
  ]),
};

interface SampleSize {
  readonly layers: number;
  readonly hidden: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly vocabulary: number;
  readonly billions: number;
  readonly bits: number;
  readonly contextTrained: number;
  readonly quantization?: string;
  readonly experts?: { readonly total: number; readonly used: number; readonly share: number };
}

export function sampleShape(size: SampleSize, changes: Partial<ModelShape> = {}): ModelShape {
  const fileBytes = (size.billions * 1e9 * size.bits) / 8;
  const matrix = (size.vocabulary * size.hidden * size.bits) / 8;
  const perLayer = (fileBytes - 2 * matrix) / size.layers;
  const expertBytes = perLayer * (size.experts?.share ?? 0);
  const layer: LayerShape = {
    weightBytes: perLayer - expertBytes,
    expertBytes,
    matrixBytesByType: {},
    memory: "full",
    kvHeads: size.kvHeads,
    keyLength: size.headDim,
    valueLength: size.headDim,
    stateBytes: 0,
  };
  return {
    architecture: "llama",
    quantization: size.quantization ?? "Q4_K_M",
    fileBytes,
    headerBytes: 0,
    layers: Array.from({ length: size.layers }, () => layer),
    embeddingBytes: matrix,
    outputBytes: matrix,
    outputMatrixBytes: matrix,
    recurrentInner: 0,
    tiedOutput: false,
    outputType: "Q6_K",
    hidden: size.hidden,
    heads: size.hidden / size.headDim,
    feedForward: size.hidden * 4,
    vocabulary: size.vocabulary,
    contextTrained: size.contextTrained,
    slidingWindow: null,
    experts: size.experts ? { total: size.experts.total, used: size.experts.used, feedForward: 2880 } : null,
    parameters: size.billions * 1e9,
    role: "chat",
    source: "catalogue",
    ...changes,
  };
}

const qwen = { kvHeads: 8, headDim: 128, vocabulary: 152_064, bits: 4.85, contextTrained: 131_072 };

export const sampleShapes = {
  tiny135m: sampleShape({
    ...qwen,
    layers: 30,
    hidden: 576,
    kvHeads: 3,
    headDim: 64,
    vocabulary: 49_152,
    billions: 0.163,
    bits: 8.5,
    contextTrained: 8192,
    quantization: "Q8_0",
  }),
  dense7b: sampleShape({ ...qwen, layers: 28, hidden: 3584, kvHeads: 4, billions: 7.62 }),
  dense14b: sampleShape({ ...qwen, layers: 48, hidden: 5120, billions: 14.77 }),
  dense32b: sampleShape({ ...qwen, layers: 64, hidden: 5120, billions: 32.76 }),
  mixture20b: sampleShape({
    layers: 24,
    hidden: 2880,
    kvHeads: 8,
    headDim: 64,
    vocabulary: 201_088,
    billions: 20.91,
    bits: 4.63,
    contextTrained: 131_072,
    quantization: "MXFP4",
    experts: { total: 32, used: 4, share: 0.95 },
  }),
};

export const sampleWish: FitWish = {
  contextSize: null,
  slots: 1,
  kvType: "auto",
  gpuLayers: null,
  threads: 8,
  device: "auto",
  keepFreeBytes: gib,
  apis: ["cuda", "vulkan", "metal"],
};

/** Weights, cache and flat buffers, for tests of what is done with an estimate. */
export const plainEstimate: EstimateMemory = (shape, plan): MemoryUse => {
  const perValue = plan.kvType === "q8_0" ? 1.0625 : 2;
  const firstOnGpu = plan.totalLayers - plan.gpuLayers;
  const counts = [firstOnGpu, ...plan.devices.map(({ layers }) => layers)];
  let next = 0;
  const devices = counts.map((count, index) => {
    const part = shape.layers.slice(next, next + count);
    const output = next + count > shape.layers.length && count > 0 ? shape.outputBytes : 0;
    next += count;
    const weights = part.reduce((sum, layer) => sum + layer.weightBytes + layer.expertBytes, output);
    const kv = part.reduce(
      (sum, layer) =>
        sum + plan.contextSize * plan.slots * layer.kvHeads * (layer.keyLength + layer.valueLength) * perValue,
      0,
    );
    const weightsBytes = index === 0 ? weights + shape.embeddingBytes : weights;
    const flat = { bufferBytes: 200e6, overheadBytes: 300e6 };
    const name = index === 0 ? "RAM" : (plan.devices[index - 1]?.name ?? "");
    return { name, weightsBytes, kvBytes: kv, ...flat, bytes: weightsBytes + kv + 500e6 };
  });
  return {
    memoryBytes: devices.reduce((sum, { bytes }) => sum + bytes, 0),
    anonymousBytes: devices[0]?.bytes ?? 0,
    devices,
  };
};
