import type { Clock } from "@deskside/base";
import type { EngineState, MonitorSample } from "@deskside/contract";
import type { GpuReading, MachineReading } from "@deskside/hardware";
import type { Logger } from "../log/logger.ts";
import type { ActivityReading } from "./answer-activity.ts";
import { engineMemory } from "./engine-memory.ts";
import { guardReader, type MemoryReading, type MonitorReaders, plainMemory } from "./readings.ts";

export interface SamplerDeps {
  readonly readers: MonitorReaders;
  readonly engineStates: () => readonly EngineState[];
  readonly activity: () => ActivityReading;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface Sample {
  readonly sample: MonitorSample;
  readonly crashesLastHour: number;
}

export interface Sampler {
  readonly busy: boolean;
  /** Takes a sample, or waits for the one that is being taken. Never rejects over a reader. */
  take(): Promise<Sample>;
}

export function createSampler(deps: SamplerDeps): Sampler {
  const gpus = guardReader("GPUs", deps.readers.gpus, deps.log);
  const machine = guardReader("processor and disk", deps.readers.machine, deps.log);
  const memory = guardReader("memory", deps.readers.memory, deps.log);
  let known: readonly GpuReading[] = [];
  let running: Promise<Sample> | null = null;

  const read = async (): Promise<Sample> => {
    const at = deps.clock.now();
    const [gpuReadings, machineReading, memoryReading] = await Promise.all([gpus(), machine(), memory()]);
    // A GPU that does not answer for a second is still there: what it reports is what is missing.
    known = gpuReadings ?? known.map(silent);
    const activity = deps.activity();
    const sample = assembleSample({
      ...{ at, activity },
      gpus: known,
      machine: machineReading,
      memory: memoryReading ?? plainMemory(),
      engines: deps.engineStates(),
    });
    return { sample, crashesLastHour: activity.crashesLastHour };
  };

  return {
    get busy() {
      return running !== null;
    },
    take() {
      running ??= read().finally(() => {
        running = null;
      });
      return running;
    },
  };
}

export interface SampleParts {
  readonly at: number;
  readonly gpus: readonly GpuReading[];
  readonly machine: MachineReading | null;
  readonly memory: MemoryReading;
  readonly engines: readonly EngineState[];
  readonly activity: ActivityReading;
}

export function assembleSample({ at, gpus, machine, memory, engines, activity }: SampleParts): MonitorSample {
  const held = engineMemory(engines, gpus);
  const loaded = engines.filter(({ phase }) => phase === "ready" || phase === "answering");
  const { running, waiting, tokens, tokensPerSecond, crashes, firstTokenP50, firstTokenP99 } = activity;
  return {
    at,
    cpu: { utilisation: machine?.cpuUtilisation ?? null, temperature: machine?.cpuTemperature ?? null },
    memory: { totalBytes: memory.totalBytes, usedBytes: memory.usedBytes, desksideBytes: memory.desksideBytes },
    disk: {
      freeBytes: machine?.diskFreeBytes ?? null,
      readPerSecond: machine?.diskReadPerSecond ?? null,
      writePerSecond: machine?.diskWritePerSecond ?? null,
    },
    gpus: gpus.map(({ id, name, ...reading }) => ({
      ...{ id, name },
      ...{ weightsBytes: null, kvBytes: null, bufferBytes: null },
      ...held.byGpu.get(id),
      utilisation: reading.utilisation,
      vramTotalBytes: reading.vramTotalBytes,
      vramUsedBytes: reading.vramUsedBytes,
      temperature: reading.temperature,
      power: reading.power,
      clock: reading.clock,
      pcieReceivePerSecond: reading.pcieReceivePerSecond,
      pcieSendPerSecond: reading.pcieSendPerSecond,
      nvlinkPerSecond: reading.nvlinkPerSecond,
    })),
    engine: {
      residentBytes: memory.engineBytes,
      ...held.total,
      slots: loaded.reduce((sum, engine) => sum + (engine.plan?.slots ?? 1), 0),
      ...{ running, waiting, tokens, tokensPerSecond, crashes, firstTokenP50, firstTokenP99 },
    },
  };
}

function silent({ id, name, vramTotalBytes }: GpuReading): GpuReading {
  return {
    ...{ id, name, vramTotalBytes },
    ...{ utilisation: null, vramUsedBytes: null, temperature: null, power: null, clock: null },
    ...{ pcieReceivePerSecond: null, pcieSendPerSecond: null, nvlinkPerSecond: null },
  };
}
