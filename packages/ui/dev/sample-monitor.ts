import type {
  AlertState,
  EngineState,
  FitReport,
  MachineProfile,
  Message,
  MonitorSample,
  Recommendation,
} from "@deskside/contract";
import {
  sampleEngines,
  sampleGpuReading,
  sampleLoad,
  sampleMachine,
  sampleModels,
  sampleMonitor,
  samplePlan,
  sampleRecommendations,
} from "@deskside/testing/fake-client";

const gb = 1024 ** 3;

export interface Scene {
  readonly machine: MachineProfile;
  readonly engines: readonly EngineState[];
  readonly recommendations: readonly Recommendation[];
  readonly fits: ReadonlyMap<string, FitReport>;
  readonly alerts: readonly AlertState[];
  sampleAt(at: number): MonitorSample;
  /** Gives a sample answer figures that lie within the readings. */
  measure(message: Message, until: number): void;
}

/** A machine with that many cards, and an engine on them. */
export function sceneOf({ gpus, fallback }: { gpus: number; fallback: boolean }): Scene {
  const machine = sampleMachine({ gpus });
  return {
    machine,
    engines: sampleEngines.map((engine) => ({ ...engine, ...loadOn(machine, fallback) })),
    recommendations: sampleRecommendations,
    fits: new Map(sampleModels.map((model) => [model.id, fitOf(model.name, model.quantization)])),
    alerts: alertsOf(gpus > 0),
    sampleAt: (at) => sampleAt(at, machine),
    measure(message, until) {
      if (message.role !== "assistant") return;
      message.createdAt = until - 400_000;
      message.stats = {
        promptTokens: 812,
        cachedTokens: 120,
        outputTokens: 482,
        reasoningTokens: 0,
        tokensPerSecond: 38.2,
        firstTokenMs: 420,
        reasoningMs: null,
        totalMs: 13_200,
      };
    },
  };
}

function loadOn(machine: MachineProfile, fallback: boolean): Partial<EngineState> {
  if (machine.gpus.length === 0) return sampleLoad;
  const layers = Math.floor(31 / machine.gpus.length);
  const plan = {
    ...samplePlan,
    api: "cuda" as const,
    gpuLayers: fallback ? 20 : 31,
    devices: machine.gpus.map(({ id, name }) => ({ id, name, layers })),
  };
  const device = {
    name: machine.gpus[0]?.name ?? "GPU",
    weightsBytes: 8.4 * gb,
    kvBytes: 1.6 * gb,
    bufferBytes: 0.5 * gb,
    overheadBytes: 0.1 * gb,
    bytes: 10.6 * gb,
  };
  const ram = { ...device, name: "RAM", weightsBytes: fallback ? 4.2 * gb : 0, kvBytes: 0, bytes: 4.8 * gb };
  const measured = { memoryBytes: 11.1 * gb, anonymousBytes: 0.6 * gb, devices: [ram, device] };
  return {
    plan,
    predicted: { ...measured, memoryBytes: 11.3 * gb, tokensPerSecond: 38, promptTokensPerSecond: 900 },
    measured,
    gpu: "cuda",
    gpuLayers: plan.gpuLayers,
    whyCpu: null,
    notices: fallback
      ? [{ cause: "out-of-vram", detail: "cudaMalloc failed", failed: { ...plan, gpuLayers: 31 }, next: plan }]
      : [],
  };
}

function fitOf(model: string, quantization: string | null): FitReport {
  return {
    model,
    quantization,
    grade: "fits",
    plan: samplePlan,
    predicted: sampleLoad.predicted as FitReport["predicted"],
    because: [],
    alternatives: [],
  };
}

function alertsOf(gpu: boolean): readonly AlertState[] {
  const alert = (
    id: string,
    metric: AlertState["rule"]["metric"],
    threshold: number,
    durationMs: number,
    value: number | null,
    activeSince: number | null = null,
  ): AlertState => ({
    rule: { id, metric, direction: metric === "free-disk" ? "below" : "above", threshold, durationMs, enabled: true },
    value,
    activeSince,
  });
  return [
    alert("vram", "vram-percent", 90, 300_000, gpu ? 94 : null, gpu ? Date.now() - 400_000 : null),
    alert("heat", "gpu-temperature", 87, 30_000, gpu ? 67 : null),
    alert("p99", "first-token-p99", 3000, 0, 1310),
    alert("crash", "crashes-per-hour", 2, 0, 0),
    alert("disk", "free-disk", 20 * gb, 0, 212e9),
  ];
}

/** Bursts of four minutes with a pause of one, by the clock, so that it looks the same at each visit. */
function sampleAt(at: number, machine: MachineProfile): MonitorSample {
  const second = Math.floor(at / 1000);
  const phase = second % 300;
  const busy = phase < 240;
  const noise = (seed: number) => ((Math.sin(second * 12.9898 + seed * 78.233) * 43758.5453) % 1) * 2;
  const kv = busy ? (phase / 240) * 1.6 * gb : 0.2 * gb;
  const sample = sampleMonitor({ at });
  const onCpu = machine.gpus.length === 0;
  return {
    ...sample,
    cpu: { utilisation: (busy ? (onCpu ? 78 : 18) : 4) + noise(1) * 2, temperature: 52 + (busy ? 12 : 0) + noise(2) },
    memory: { ...sample.memory, usedBytes: (9.2 + noise(3) * 0.1) * gb + (onCpu ? kv : 0) },
    gpus: machine.gpus.map((gpu, index) => ({
      ...sampleGpuReading(gpu),
      utilisation: busy ? 92 - index * 2 + noise(4 + index) * 2 : 4 + noise(5),
      vramUsedBytes: 9.5 * gb + kv,
      kvBytes: kv,
      temperature: 54 + index * 4 + (busy ? 12 : 0) + noise(6 + index),
      power: busy ? 118 + noise(7) * 4 : 18 + noise(8),
    })),
    engine: {
      ...sample.engine,
      weightsBytes: onCpu ? 4 * gb : 8.4 * gb,
      kvBytes: kv,
      bufferBytes: 0.5 * gb,
      running: busy ? 1 + (second % 7 > 4 ? 1 : 0) : 0,
      waiting: second % 31 > 28 ? 1 : 0,
      tokensPerSecond: busy ? 38 + noise(9) * 2 : 0,
      tokens: busy ? 38 : 0,
      firstTokenP50: 420 + noise(10) * 20,
      firstTokenP99: 1300 + noise(11) * 150 + (second % 900 > 700 ? 800 : 0),
    },
  };
}

/** `count` readings up to now: one a second for the last hour, more of them spread over seven days. */
export function monitorHistory(scene: Scene, count: number): MonitorSample[] {
  const now = Date.now();
  const step = count <= 3600 ? 1000 : Math.floor((7 * 86_400_000) / count);
  return Array.from({ length: count }, (_, index) => scene.sampleAt(now - (count - 1 - index) * step));
}
