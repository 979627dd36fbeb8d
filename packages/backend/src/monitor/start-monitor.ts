import type { Clock } from "@deskside/base";
import type { EngineState, MachineProfile } from "@deskside/contract";
import { createGpuReader, createMachineReader, createMemorySampler, type MachineReader } from "@deskside/hardware";
import type { Workspace } from "@deskside/storage";
import type { Logger } from "../log/logger.ts";
import type { EventHub } from "../system/event-hub.ts";
import { type ActivityStatistics, createActivityStatistics } from "./answer-activity.ts";
import { createMonitor } from "./create-monitor.ts";
import { createGpuSource } from "./gpu-source.ts";
import type { MonitorService } from "./monitor-service.ts";
import { createMemoryReader, type MemoryReading, shareReading } from "./readings.ts";

export interface RunningMonitor extends AsyncDisposable {
  readonly service: MonitorService;
  /** For the answers, and for the engines' crashes. */
  readonly activity: ActivityStatistics;
  /** The memory reading of this moment, also for the machine strip: near calls share one. */
  readonly memory: () => Promise<MemoryReading>;
}

export interface MonitorStart {
  readonly dataDir: string;
  readonly workspace: Workspace;
  readonly events: EventHub;
  readonly engineStates: () => readonly EngineState[];
  readonly enginePids: () => readonly number[];
  /** The newest detection; the same object until the hardware is detected again. Absent: no GPU is read. */
  readonly profile?: () => Promise<MachineProfile>;
  /** Of the processor, and of the disk that `dataDir` is on. Absent: this machine's. */
  readonly machine?: MachineReader;
  readonly clock: Clock;
  readonly log: Logger;
}

const shareMs = 500;

/** The monitor over the readers of this machine, ticking. Owns the readers. To be closed before the workspace. */
export function startMonitor(deps: MonitorStart): RunningMonitor {
  const { clock, profile, machine = createMachineReader(deps.dataDir) } = deps;
  const activity = createActivityStatistics(clock);
  const memory = shareReading(createMemoryReader(createMemorySampler(), deps.enginePids), shareMs, clock);
  const gpuSource = profile ? createGpuSource(profile, createGpuReader) : null;
  const readers = {
    gpus: async () => gpuSource?.read() ?? [],
    machine: () => machine.read(),
    memory,
  };
  const monitor = createMonitor({ ...deps, readers, activity });
  monitor.start();
  return {
    service: monitor.service,
    ...{ activity, memory },
    async [Symbol.asyncDispose]() {
      monitor[Symbol.dispose]();
      await Promise.all([gpuSource?.[Symbol.asyncDispose](), machine[Symbol.asyncDispose]()]);
    },
  };
}
