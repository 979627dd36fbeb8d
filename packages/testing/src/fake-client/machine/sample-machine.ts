import type {
  AlertState,
  BenchRun,
  EngineState,
  FitPlan,
  Gpu,
  MachineProfile,
  MemoryUse,
  MonitorSample,
  Recommendation,
} from "@deskside/contract";

const gb = 1024 ** 3;

/** `count` equal cards, connected in pairs. */
export function sampleGpus(count: number): Gpu[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `0000:0${index + 1}:00.0`,
    vendor: "nvidia" as const,
    name: "Sample GPU 12",
    unified: false,
    vramTotalBytes: 12 * gb,
    vramFreeBytes: 11.2 * gb,
    driver: "566.36",
    api: "cuda" as const,
    bandwidthBytesPerSecond: 432e9,
    bandwidthSource: "table" as const,
    tableId: null,
    capability: "8.9",
    migUuid: null,
  }));
}

export function sampleMachine(options: { gpus?: number } = {}): MachineProfile {
  const gpus = sampleGpus(options.gpus ?? 0);
  return {
    at: Date.now(),
    platform: "linux",
    arch: "x64",
    system: "Sample Linux 1.0",
    cpu: {
      name: "Sample CPU",
      physicalCores: 8,
      logicalCores: 16,
      performanceCores: null,
      instructionSets: ["avx2", "fma"],
    },
    memory: { totalBytes: 32 * gb, freeBytes: 22.6 * gb, bandwidthBytesPerSecond: 48e9, bandwidthSource: "measured" },
    gpus,
    links: gpus.flatMap((from, a) =>
      gpus.slice(a + 1).map((to, offset) => {
        const pair = offset === 0 && a % 2 === 0;
        return {
          from: from.id,
          to: to.id,
          kind: pair ? ("nvlink" as const) : ("sys" as const),
          links: pair ? 4 : null,
        };
      }),
    ),
    disks: [{ mount: "/", totalBytes: 512e9, freeBytes: 212e9, kind: "ssd", readBytesPerSecond: 3.4e9 }],
    battery: null,
    notes: [],
  };
}

export const samplePlan: FitPlan = {
  api: "none",
  gpuLayers: 0,
  totalLayers: 31,
  contextSize: 8192,
  kvType: "f16",
  slots: 1,
  threads: 2,
  batchSize: 512,
  flashAttention: true,
  expertsInRam: false,
  devices: [],
};

const mb = 1024 ** 2;

export const sampleMeasured: MemoryUse = {
  memoryBytes: 410 * mb,
  anonymousBytes: 310 * mb,
  devices: [
    {
      name: "RAM",
      weightsBytes: 94 * mb,
      kvBytes: 180 * mb,
      bufferBytes: 96 * mb,
      overheadBytes: 40 * mb,
      bytes: 410 * mb,
    },
  ],
};

/** What an engine knows of its load: on the processor, as predicted and as measured. */
export const sampleLoad: Pick<EngineState, "plan" | "predicted" | "measured" | "notices" | "whyCpu"> = {
  plan: samplePlan,
  predicted: {
    memoryBytes: 398 * mb,
    anonymousBytes: 300 * mb,
    devices: [
      {
        name: "RAM",
        weightsBytes: 94 * mb,
        kvBytes: 180 * mb,
        bufferBytes: 90 * mb,
        overheadBytes: 34 * mb,
        bytes: 398 * mb,
      },
    ],
    tokensPerSecond: 110,
    promptTokensPerSecond: 900,
  },
  measured: sampleMeasured,
  notices: [],
  whyCpu: "no-gpu",
};

export const sampleBenchRun: BenchRun = {
  plan: samplePlan,
  predicted: { ...sampleMeasured, tokensPerSecond: 110, promptTokensPerSecond: 900 },
  measured: { ...sampleMeasured, tokensPerSecond: 104, promptTokensPerSecond: 870, firstTokenMs: 620 },
};

export function sampleMonitor(patch: Partial<MonitorSample> & { gpus?: MonitorSample["gpus"] } = {}): MonitorSample {
  return {
    at: Date.now(),
    cpu: { utilisation: 34, temperature: 61 },
    memory: { totalBytes: 32 * gb, usedBytes: 9.4 * gb, desksideBytes: 0.5 * gb },
    disk: { freeBytes: 212e9, readPerSecond: 1.2e6, writePerSecond: 0.3e6 },
    gpus: [],
    engine: {
      residentBytes: 410 * mb,
      weightsBytes: 94 * mb,
      kvBytes: 180 * mb,
      bufferBytes: 96 * mb,
      slots: 1,
      running: 0,
      waiting: 0,
      tokensPerSecond: 0,
      tokens: 0,
      firstTokenP50: null,
      firstTokenP99: null,
      crashes: 0,
    },
    ...patch,
  };
}

export function sampleGpuReading(gpu: Gpu): MonitorSample["gpus"][number] {
  return {
    id: gpu.id,
    name: gpu.name,
    utilisation: 94,
    vramTotalBytes: gpu.vramTotalBytes,
    vramUsedBytes: 11.3 * gb,
    weightsBytes: 8.4 * gb,
    kvBytes: 1.6 * gb,
    bufferBytes: 0.5 * gb,
    temperature: 67,
    power: 118,
    clock: 2_100_000_000,
    pcieReceivePerSecond: null,
    pcieSendPerSecond: null,
    nvlinkPerSecond: null,
  };
}

/** Three models that would run on 12 GB of video memory, best first. */
export const sampleRecommendations: readonly Recommendation[] = [
  recommend("r1-distill-qwen-14b", "R1-Distill-Qwen-14B", "Q4_K_M", "fits", 16_384, [8.4, 1.6, 0.5], 0, 38.2, [
    { code: "best-quality", data: { quantization: "Q4_K_M" } },
    { code: "next-step", data: { quantization: "Q5_K_M", extraBytes: 1.5 * gb, missingBytes: 0.8 * gb } },
  ]),
  recommend("r1-0528-qwen3-8b", "R1-0528-Qwen3-8B", "Q6_K", "fits", 16_384, [6.3, 1.2, 0.5], 0, 51, [
    { code: "all-on-gpu", data: { device: "Sample GPU 12", bytes: 8 * gb, budgetBytes: 11 * gb } },
  ]),
  recommend("r1-distill-qwen-32b", "R1-Distill-Qwen-32B", "Q4_K_M", "uses-ram", 8192, [9.6, 0.9, 0.5], 9.2, 4.7, [
    { code: "part-on-gpu", data: { layers: 33, totalLayers: 65, ramBytes: 9.2 * gb } },
    { code: "slow", data: { tokensPerSecond: 4.7 } },
  ]),
];

function recommend(
  model: string,
  name: string,
  quantization: string,
  grade: Recommendation["grade"],
  contextSize: number,
  [weights, kv, buffer]: readonly [number, number, number],
  ram: number,
  tokensPerSecond: number,
  because: Recommendation["because"],
): Recommendation {
  const gpu = {
    name: "Sample GPU 12",
    weightsBytes: weights * gb,
    kvBytes: kv * gb,
    bufferBytes: buffer * gb,
    overheadBytes: 0,
    bytes: (weights + kv + buffer) * gb,
  };
  const memory = {
    name: "RAM",
    weightsBytes: ram * gb,
    kvBytes: 0,
    bufferBytes: 0,
    overheadBytes: 0.2 * gb,
    bytes: (ram + 0.2) * gb,
  };
  return {
    model,
    name,
    quantization,
    grade,
    contextSize,
    gpuLayers: 40,
    kvType: "f16",
    predicted: {
      memoryBytes: gpu.bytes + memory.bytes,
      anonymousBytes: memory.bytes,
      devices: [memory, gpu],
      tokensPerSecond,
      promptTokensPerSecond: tokensPerSecond * 20,
    },
    because,
  };
}

export const sampleAlerts: readonly AlertState[] = [
  alert("vram", "vram-percent", "above", 90, 300_000, null),
  alert("first-token", "first-token-p99", "above", 500, 0, null),
  alert("disk", "free-disk", "below", 20 * 1024 ** 3, 0, 212e9),
];

function alert(
  id: string,
  metric: AlertState["rule"]["metric"],
  direction: "above" | "below",
  threshold: number,
  durationMs: number,
  value: number | null,
): AlertState {
  return { rule: { id, metric, direction, threshold, durationMs, enabled: true }, value, activeSince: null };
}
