import {
  type EngineState,
  type InstalledModel,
  type SettingEntry,
  type SettingKey,
  type SystemInfo,
  settingKeys,
  settingSchemas,
  type Telemetry,
} from "@deskside/contract";

import { sampleLoad } from "./machine/sample-machine.ts";

export const sampleModels: readonly InstalledModel[] = [
  {
    id: "smollm2-135m-instruct",
    name: "SmolLM2 135M Instruct",
    quantization: "Q4_1",
    role: "chat",
    fileName: "SmolLM2-135M-Instruct-Q4_1.gguf",
    sizeBytes: 98_234_112,
    languages: ["en"],
    licence: "Apache-2.0",
    contextSize: 8192,
    builtIn: true,
    small: true,
    problem: null,
  },
  {
    id: "deskside-starter",
    name: "Deskside Starter",
    quantization: "Q8_0",
    role: "chat",
    fileName: "deskside-starter-q8_0.gguf",
    sizeBytes: 5_120_000,
    languages: ["zh", "en"],
    licence: "Apache-2.0",
    contextSize: 2048,
    builtIn: true,
    small: true,
    problem: null,
  },
];

export const sampleEngines: readonly EngineState[] = [
  {
    engineId: "engine-1",
    phase: "ready",
    model: { id: "smollm2-135m-instruct", name: "SmolLM2 135M Instruct", quantization: "Q4_1", small: true },
    progress: null,
    contextSize: 8192,
    contextUsed: 1240,
    threads: 2,
    gpu: "none",
    gpuLayers: 0,
    loadMs: 420,
    tokensPerSecond: 104.2,
    failures: 0,
    error: null,
    ...sampleLoad,
  },
];

export const sampleInfo: SystemInfo = {
  versions: { deskside: "0.1.0", node: "24.21.0", electron: null, sqlite: "3.53.0", engineLibrary: "3.22.1" },
  platform: "linux",
  arch: "x64",
  shell: "server",
  dataDir: "/home/mina/.local/share/deskside",
  encryption: "key-on-this-computer",
  machine: { cpu: "Sample CPU", cores: 8, memoryBytes: 32 * 1024 ** 3 },
  store: { readOnly: null, quarantined: null },
};

export function sampleSettings(locked: readonly SettingKey[]): SettingEntry[] {
  return settingKeys.map((key) => {
    const value = settingSchemas[key].parse(undefined);
    return { key, value, defaultValue: value, locked: locked.includes(key) };
  });
}

export function sampleTelemetry(patch: Partial<Telemetry> = {}): Telemetry {
  return {
    at: Date.now(),
    memoryTotalBytes: 32 * 1024 ** 3,
    memoryUsedBytes: 9.4 * 1024 ** 3,
    engineBytes: 0.3 * 1024 ** 3,
    desksideBytes: 0.5 * 1024 ** 3,
    tokensPerSecond: 0,
    connections: { known: true, at: Date.now(), connections: [], processes: 3 },
    ...patch,
  };
}
