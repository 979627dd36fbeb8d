import { join } from "node:path";
import { type Clock, isDesksideError } from "@deskside/base";
import type { SystemInfo } from "@deskside/contract";
import { createModelLibrary, createModelStore, loadManifests } from "@deskside/model-library";
import { localUser, type Workspace } from "@deskside/storage";
import type { BackendServices } from "./backend-services.ts";
import { createBenchService } from "./bench/bench-service.ts";
import type { BackendOptions } from "./create-backend.ts";
import { createWorkspaceEgress } from "./egress/index.ts";
import { createBackendBinaries, createRegistryDoor } from "./engine-binaries/index.ts";
import { createEngineSupervisor, type EngineSupervisor } from "./engines/engine-supervisor.ts";
import { startKeepWarm } from "./engines/warm/keep-warm.ts";
import { createGenerationService } from "./generation/generation-service.ts";
import { createHardwareService } from "./hardware/hardware-service.ts";
import { createMachineSpeeds } from "./hardware/machine-speed.ts";
import { createProfile } from "./hardware/profile.ts";
import { createHubDoor, createLibrary, createLibrarySettings } from "./library/index.ts";
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
  foundation.inUse.check = (modelId) => working.engines.existing(modelId)?.busy ?? false;
  const models = await createLibrary(
    { ...options, ...foundation, ...working, settings: foundation.librarySettings },
    stack,
  );
  const machine = await foundation.hardware.machine();
  const info = (): SystemInfo => describeSystem({ ...options, machine });
  return { ...foundation, ...working, models, workspace: options.workspace, log: options.log, info };
}

/** A model that is fetched must not hide behind one of ours. */
async function builtInIds(modelsDir: string): Promise<string[]> {
  try {
    return (await loadManifests(modelsDir)).flatMap(({ manifest }) => manifest?.id ?? []);
  } catch (error) {
    // Without a folder of ours there is nothing to hide behind; whoever lists the models is told why.
    if (isDesksideError(error)) return [];
    throw error;
  }
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
  const librarySettings = createLibrarySettings({ settings, dataDir });
  /** Engines come later than the files they use. */
  const inUse: { check: (modelId: string) => boolean } = { check: () => false };
  const store = createModelStore({
    folders: () => librarySettings.folders(),
    stateFile: join(dataDir, "models.json"),
    reservedIds: () => builtInIds(modelsDir),
    isInUse: (modelId) => inUse.check(modelId),
  });
  const library = createModelLibrary({ modelsDir, store });
  const registryDoor = createRegistryDoor();
  const door = createHubDoor();
  const egress = createWorkspaceEgress(workspace, log, (policy) => door.guard(registryDoor.guard(policy)));
  const profile = createProfile({ modelsDir, events, log });
  const engineBinaries = createBackendBinaries({
    ...{ egress, library, spawner, libraryEntry },
    door: registryDoor,
    machine: () => profile.read(),
    libraryVersion: versions.engineLibrary,
  });
  const speeds = createMachineSpeeds({ workspace, dataDir, log });
  const hardware = createHardwareService({ workspace, settings, library, profile, engineBinaries, speeds, log });
  const files = { library, librarySettings, store, inUse, door };
  return { ...files, events, settings, egress, profile, engineBinaries, speeds, hardware };
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
  stack.use(startKeepWarm(engines, () => settings.get(localUser, "library.keepWarmMinutes"), { log }));
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
