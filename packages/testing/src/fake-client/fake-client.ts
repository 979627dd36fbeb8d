import type { DesksideError } from "@deskside/base";
import type { Contract, EngineState, MonitorSample, SystemEvent, SystemInfo, Telemetry } from "@deskside/contract";
import type { ContractClient } from "@deskside/rpc";
import { createFakeChats } from "./fake-chats.ts";
import { createFakeEngineBinaries } from "./fake-engine-binaries.ts";
import { createFakeGeneration } from "./fake-generation.ts";
import { createFakeBench, createFakeHardware } from "./machine/fake-hardware.ts";
import { createFakeKnowledge } from "./knowledge/fake-knowledge.ts";
import { createFakeLibrary } from "./library/fake-library.ts";
import { createFakeMonitor } from "./machine/fake-monitor.ts";
import { createFakeModels, createFakeSettings, createFakeSystem } from "./fake-system.ts";
import { createFakeWorld, type FakeOptions, type FakeWorld } from "./fake-world.ts";

export interface FakeControls {
  /** What the fake holds; change it, then `emit` what a real backend would tell. */
  readonly world: FakeWorld;
  emit(event: SystemEvent): void;
  setEngines(engines: EngineState[]): void;
  setTelemetry(telemetry: Telemetry): void;
  /** Stores the reading and tells it. */
  pushSample(sample: MonitorSample): void;
  setInfo(patch: Partial<SystemInfo>): void;
  /** The next call of this procedure ("chat.rename") rejects with the error; several queue up. */
  failNext(procedure: string, error: DesksideError): void;
  /** All streams of `system.events` end with this error, as when the connection is lost. */
  breakEvents(error: unknown): void;
  /** Moves every running answer by one piece; see `pieceMs: null`. */
  step(): void;
  finishAll(): void;
  failAll(error: DesksideError): void;
  /** Every call so far, in order: "chat.rename" and its input. */
  readonly calls: readonly { procedure: string; input: unknown }[];
}

export interface FakeClient {
  readonly client: ContractClient<Contract>;
  readonly controls: FakeControls;
}

/** A backend in memory: the whole contract, with chats, answers, settings and events that hang together. */
export function createFakeClient(options: FakeOptions = {}): FakeClient {
  const world = createFakeWorld(options);
  const generation = createFakeGeneration(world, { pieceMs: options.pieceMs === undefined ? 1 : options.pieceMs });
  const calls: { procedure: string; input: unknown }[] = [];
  const areas = {
    bench: createFakeBench(world),
    chat: createFakeChats(world),
    engineBinaries: createFakeEngineBinaries(world),
    generation: generation.client,
    hardware: createFakeHardware(world),
    knowledge: createFakeKnowledge(world),
    library: createFakeLibrary(world),
    model: createFakeModels(world),
    monitor: createFakeMonitor(world),
    settings: createFakeSettings(world),
    system: createFakeSystem(world),
  };
  const client = Object.fromEntries(
    Object.entries(areas).map(([area, procedures]) => [area, recordCalls(area, procedures, world, calls)]),
  ) as unknown as typeof areas;
  return {
    client,
    controls: {
      world,
      calls,
      emit: (event) => world.feed.emit(event),
      setEngines(engines) {
        world.engines = engines;
        world.feed.emit({ type: "engines", engines });
      },
      setTelemetry(telemetry) {
        world.telemetry = telemetry;
        world.feed.emit({ type: "telemetry", telemetry });
      },
      pushSample(sample) {
        world.samples.push(sample);
        world.feed.emit({ type: "monitor", sample });
      },
      setInfo(patch) {
        world.info = { ...world.info, ...patch };
        world.feed.emit({ type: "info" });
      },
      failNext: (procedure, error) =>
        void world.failures.set(procedure, [...(world.failures.get(procedure) ?? []), error]),
      breakEvents: (error) => world.feed.fail(error),
      step: generation.step,
      finishAll: generation.finishAll,
      failAll: generation.failAll,
    },
  };
}

type Procedure = (input: unknown, call?: { signal?: AbortSignal }) => Promise<unknown>;

function recordCalls(
  area: string,
  procedures: object,
  world: FakeWorld,
  calls: { procedure: string; input: unknown }[],
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(procedures as Record<string, Procedure | object>).map(([name, run]): [string, unknown] => {
      const procedure = `${area}.${name}`;
      if (typeof run !== "function") return [name, recordCalls(procedure, run, world, calls)];
      const recorded: Procedure = async (input, call) => {
        calls.push({ procedure, input });
        const [failure, ...rest] = world.failures.get(procedure) ?? [];
        world.failures.set(procedure, rest);
        if (failure) throw failure;
        return (run as Procedure)(input, call);
      };
      return [name, recorded];
    }),
  );
}
