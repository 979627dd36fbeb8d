import type { Clock } from "@deskside/base";
import type { SystemInfo } from "@deskside/contract";
import { createModelLibrary } from "@deskside/model-library";
import type { Workspace } from "@deskside/storage";
import type { BackendServices } from "./backend-services.ts";
import { createBenchService } from "./bench/bench-service.ts";
import type { BackendOptions } from "./create-backend.ts";
import { createWorkspaceEgress } from "./egress/index.ts";
import { createBackendBinaries, createRegistryDoor } from "./engine-binaries/index.ts";
import { createEngineSupervisor, type EngineSupervisor } from "./engines/engine-supervisor.ts";
import { createGenerationService } from "./generation/generation-service.ts";
import { createHardwareService } from "./hardware/hardware-service.ts";
import { createMachineSpeeds } from "./hardware/machine-speed.ts";
import { createProfile } from "./hardware/profile.ts";
import { startMonitor } from "./monitor/start-monitor.ts";
import { createSettingsService } from "./settings/settings-service.ts";
import { createEventHub } from "./system/event-hub.ts";
import { describeSystem } from "./system/system-info.ts";
import { startTelemetry } from "./system/telemetry.ts";

type ServiceOptions = BackendOptions & { readonly clock: Clock; readonly workspace: Workspace };
type Foundation = ReturnType<typeof createFoundation>;

/** Everything the routers work with. What has to be closed goes onto `stack`. */
export async function createServices(options: ServiceOptions, stack: AsyncDisposableStack): Promise<BackendServices> {
  const foundation = createFoundation(options);
  stack.use(foundation.speeds);
  const working = createWorkers(options, foundation, stack);
  const machine = await foundation.hardware.machine();
  const info = (): SystemInfo => describeSystem({ ...options, machine });
  return { ...foundation, ...working, workspace: options.workspace, log: options.log, info };
}

/** What stands by itself: settings, files, the way out, the machine. */
function createFoundation({
  dataDir,
  workspace,
  modelsDir,
  spawner,
  libraryEntry,
  versions,
  policy = {},
  log,
}: ServiceOptions) {
  const events = createEventHub();
  const settings = createSettingsService({ workspace, events, policy });
  const library = createModelLibrary({ modelsDir });
  const door = createRegistryDoor();
  const egress = createWorkspaceEgress(workspace, log, door.guard);
  const profile = createProfile({ modelsDir, events, log });
  const engineBinaries = createBackendBinaries({
    ...{ door, egress, library, spawner, libraryEntry },
    machine: () => profile.read(),
    libraryVersion: versions.engineLibrary,
  });
  const speeds = createMachineSpeeds({ workspace, dataDir, log });
  const hardware = createHardwareService({ workspace, settings, library, profile, engineBinaries, speeds, log });
  return { events, settings, library, egress, profile, engineBinaries, speeds, hardware };
}

/** What runs: engines, answers, measurements, the monitor. */
function createWorkers(options: ServiceOptions, foundation: Foundation, stack: AsyncDisposableStack) {
  const { dataDir, workspace, spawner, clock, log } = options;
  const { events, settings, library, egress, profile, hardware } = foundation;
  const running = startMonitor({
    ...{ dataDir, workspace, events, clock, log },
    engineStates: () => engines.states,
    enginePids: () => engines.pids,
    profile: () => profile.read(),
  });
  stack.use(running);
  const engines: EngineSupervisor = createEngineSupervisor({
    ...{ library, log, spawner },
    planLoads: hardware.planLoads,
    onMeasured: hardware.record,
    onCrash: running.activity.crashed,
    onChange: () => events.publish({ type: "engines", engines: engines.states }),
  });
  stack.use(engines);
  const generations = createGenerationService({
    ...{ workspace, library, engines, events, clock, log },
    activity: running.activity,
    defaultModel: (principal) => settings.get(principal, "general.defaultModel"),
  });
  stack.use(generations);
  const rootPids = options.rootPids ?? (() => [process.pid]);
  stack.use(startTelemetry({ engines, egress, rootPids, memory: running.memory }, { events, clock, log }));
  const bench = createBenchService({
    ...{ library, log, spawner, planLoads: hardware.planLoads, now: () => clock.now() },
    machine: () => hardware.machine(),
    onMeasured: hardware.record,
    onThreads: hardware.recordThreads,
  });
  stack.use(bench);
  return { engines, generations, bench, monitor: running.service };
}
