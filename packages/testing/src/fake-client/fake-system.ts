import { type Contract, deskError, type EngineState, type SettingEntry, settingSchemas } from "@deskside/contract";
import type { ContractClient } from "@deskside/rpc";
import { asClientStream } from "./change-feed.ts";
import { createFakeModelDefaults } from "./fake-model-settings.ts";
import type { FakeWorld } from "./fake-world.ts";
import { sampleLoad } from "./machine/sample-machine.ts";

type Client = ContractClient<Contract>;
type SystemStream = Awaited<ReturnType<Client["system"]["events"]>>;

export function createFakeModels(world: FakeWorld): Client["model"] {
  const setEngines = (engines: EngineState[]) => {
    world.engines = engines;
    world.feed.emit({ type: "engines", engines });
  };
  return {
    list: async () => world.models,
    engines: async () => world.engines,
    load: async ({ modelId }) => {
      const model = world.models.find((candidate) => candidate.id === modelId);
      if (!model) throw deskError("MODEL_NOT_FOUND", { model: modelId, nearest: [] });
      const others = world.engines.filter((engine) => engine.model?.id !== modelId);
      const { id, name, quantization, small } = model;
      setEngines([...others, readyEngine({ id, name, quantization, small }, model.contextSize)]);
    },
    defaults: createFakeModelDefaults(world),
    unload: async ({ modelId }) => setEngines(world.engines.filter((engine) => engine.model?.id !== modelId)),
  };
}

function readyEngine(model: NonNullable<EngineState["model"]>, contextSize: number): EngineState {
  return {
    engineId: `engine-${model.id}`,
    phase: "ready",
    model,
    progress: null,
    contextSize,
    contextUsed: 0,
    threads: 2,
    gpu: "none",
    gpuLayers: 0,
    loadMs: 400,
    tokensPerSecond: null,
    failures: 0,
    error: null,
    ...sampleLoad,
  };
}

export function createFakeSettings(world: FakeWorld): Client["settings"] {
  const update = (change: (entry: SettingEntry) => SettingEntry) => {
    world.settings = world.settings.map(change);
    world.feed.emit({ type: "settings" });
  };
  return {
    list: async () => world.settings,
    set: async ({ key, value }) => {
      const entry = world.settings.find((candidate) => candidate.key === key);
      if (!entry || entry.locked) throw deskError("SETTING_LOCKED", { key });
      const parsed = settingSchemas[key].safeParse(value);
      if (!parsed.success) {
        const issues = parsed.error.issues.map((issue) => ({ path: key, message: issue.message }));
        throw deskError("INVALID_INPUT", { issues });
      }
      const changed = { ...entry, value: parsed.data };
      update((candidate) => (candidate.key === key ? changed : candidate));
      return changed;
    },
    resetSection: async ({ section }) => {
      const belongs = (entry: SettingEntry) => entry.key.startsWith(`${section}.`) && !entry.locked;
      update((entry) => (belongs(entry) ? { ...entry, value: entry.defaultValue } : entry));
      return world.settings;
    },
  };
}

export function createFakeSystem(world: FakeWorld): Client["system"] {
  return {
    info: async () => world.info,
    ping: async () => ({ pid: 4242, deskside: world.info.versions.deskside }),
    events: async (_input, call) => {
      const hello = { type: "hello" as const, engines: world.engines };
      const telemetry = world.telemetry ? [{ type: "telemetry" as const, telemetry: world.telemetry }] : [];
      const sample = world.samples.at(-1);
      const monitor = sample ? [{ type: "monitor" as const, sample }] : [];
      return asClientStream<SystemStream>(world.feed.read([hello, ...telemetry, ...monitor], call?.signal));
    },
    egress: async ({ limit = 100 }) => world.egress.slice(0, limit),
  };
}
