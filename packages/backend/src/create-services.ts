import { dirname, join } from "node:path";
import { type Clock, isDesksideError } from "@deskside/base";
import { deskError, type SystemInfo } from "@deskside/contract";
import { createParserPool } from "@deskside/knowledge";
import { createModelLibrary, createModelStore, loadManifests } from "@deskside/model-library";
import { localUser, type Workspace } from "@deskside/storage";
import type { BackendServices } from "./backend-services.ts";
import { createBenchService } from "./bench/bench-service.ts";
import type { BackendOptions } from "./create-backend.ts";
import { createWorkspaceEgress } from "./egress/index.ts";
import { createBackendBinaries, createRegistryDoor } from "./engine-binaries/index.ts";
import { createAnswerGate } from "./engines/embedding/answer-gate.ts";
import { createEmbeddingEngine, type EmbeddingEngine } from "./engines/embedding/embedding-engine.ts";
import { createEngineSupervisor, type EngineSupervisor } from "./engines/engine-supervisor.ts";
import { startKeepWarm } from "./engines/warm/keep-warm.ts";
import { createGenerationService } from "./generation/generation-service.ts";
import type { DocumentSearch } from "./generation/documents/look-up.ts";
import { createHardwareService } from "./hardware/hardware-service.ts";
import { createMachineSpeeds } from "./hardware/machine-speed.ts";
import { createProfile } from "./hardware/profile.ts";
import { createAttachments } from "./library/attachments/attachments.ts";
import { type CatalogueSource, createCatalogueSource } from "./library/catalogue/catalogue-source.ts";
import { createKnowledge } from "./knowledge/create-knowledge.ts";
import { createServerDoor } from "./knowledge/places/server/server-door.ts";
import { createHubDoor, createLibrary, createLibrarySettings } from "./library/index.ts";
import { startMonitor } from "./monitor/start-monitor.ts";
import { createModelDefaults } from "./models/model-defaults.ts";
import { createSettingsService } from "./settings/settings-service.ts";
import { createEventHub, type EventHub } from "./system/event-hub.ts";
import { describeSystem } from "./system/system-info.ts";
import { startTelemetry } from "./system/telemetry.ts";

/** It is back within a second or two, and takes some 200 MB while it waits. */
const embeddingIdleMinutes = 10;

type ServiceOptions = BackendOptions & { readonly clock: Clock; readonly workspace: Workspace };
type Foundation = ReturnType<typeof createFoundation>;

/** Everything the routers work with. What has to be closed goes onto `stack`. */
export async function createServices(options: ServiceOptions, stack: AsyncDisposableStack): Promise<BackendServices> {
  const foundation = createFoundation(options);
  stack.use(foundation.speeds);
  const working = createWorkers(options, foundation, stack);
  foundation.inUse.check = (modelId) => working.engines.existing(modelId)?.busy ?? false;
  foundation.reload.model = (modelId) => {
    // Whoever is answering ends first; the next answer comes from the model as it is then.
    working.engines
      .unload(modelId)
      .catch((error: unknown) => options.log.warn({ err: error, modelId }, "not unloaded"));
  };
  const models = await createLibrary(
    { ...options, ...foundation, ...working, settings: foundation.librarySettings, appSettings: foundation.settings },
    stack,
  );
  const knowledge = await createKnowledge(
    {
      ...{ ...options, ...foundation, embedding: working.embedding },
      dataKey: await options.keyProvider.getDataKey(),
      parser: options.parser ?? createParserPool({ spawner: options.spawner, resources: options.readerResources }),
      isAnswering: () => working.engines.states.some(({ phase }) => phase === "answering"),
    },
    stack,
  );
  foundation.lookUp.documents = knowledge.documents;
  const machine = await foundation.hardware.machine();
  const info = (): SystemInfo => describeSystem({ ...options, machine });
  return { ...foundation, ...working, models, knowledge, workspace: options.workspace, log: options.log, info };
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

function openCatalogue(
  {
    dataDir,
    modelsDir,
    trustDir,
    log,
  }: Pick<BackendOptions, "dataDir" | "modelsDir" | "log"> & { trustDir: string | undefined },
  events: EventHub,
): CatalogueSource {
  return createCatalogueSource({
    ...{ dataDir, log, builtInDir: join(modelsDir, "catalogue") },
    trustDir: trustDir ?? join(dirname(modelsDir), "resources", "trust"),
    onChange: () => events.publish({ type: "models" }),
  });
}

/** What stands by itself: settings, files, the way out, the machine. */
function createFoundation({
  dataDir,
  workspace,
  modelsDir,
  trustDir,
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
  /** Answers can be asked for before the index is open. */
  const lookUp: { documents: DocumentSearch | null } = { documents: null };
  const reload: { model: (modelId: string) => void } = { model: () => undefined };
  const store = createModelStore({
    folders: () => librarySettings.folders(),
    stateFile: join(dataDir, "models.json"),
    reservedIds: () => builtInIds(modelsDir),
    isInUse: (modelId) => inUse.check(modelId),
  });
  const library = createModelLibrary({ modelsDir, store });
  const registryDoor = createRegistryDoor();
  const door = createHubDoor();
  const serverDoor = createServerDoor();
  const egress = createWorkspaceEgress(workspace, log, {
    guard: (policy) => serverDoor.guard(door.guard(registryDoor.guard(policy))),
    proxies: () => ({ setting: settings.get(localUser, "network.proxy"), env: process.env }),
  });
  const catalogueSource = openCatalogue({ dataDir, modelsDir, trustDir, log }, events);
  const catalogue = async () => (await catalogueSource.current()).catalogue;
  const profile = createProfile({ catalogue, events, log });
  const engineBinaries = createBackendBinaries({
    ...{ egress, library, spawner, libraryEntry },
    door: registryDoor,
    machine: () => profile.read(),
    libraryVersion: versions.engineLibrary,
  });
  const machine = createMachine({
    ...{ workspace, dataDir, log, library, settings, events, profile, engineBinaries },
    reload,
  });
  const late = { inUse, reload, lookUp };
  const files = { library, librarySettings, catalogueSource, store, door, serverDoor };
  return { ...files, ...late, ...machine, events, settings, egress, profile, engineBinaries };
}

interface MachineParts {
  readonly workspace: Workspace;
  readonly dataDir: string;
  readonly log: ServiceOptions["log"];
  readonly library: ReturnType<typeof createModelLibrary>;
  readonly settings: ReturnType<typeof createSettingsService>;
  readonly events: ReturnType<typeof createEventHub>;
  readonly profile: ReturnType<typeof createProfile>;
  readonly engineBinaries: ReturnType<typeof createBackendBinaries>;
  readonly reload: { readonly model: (modelId: string) => void };
}

/** What is known of the machine, and what is fixed for single models on it. */
function createMachine({
  workspace,
  dataDir,
  log,
  library,
  settings,
  events,
  profile,
  engineBinaries,
  reload,
}: MachineParts) {
  const speeds = createMachineSpeeds({ workspace, dataDir, log });
  const attachments = createAttachments({
    ...{ workspace, library, log },
    onChange: (modelId) => {
      events.publish({ type: "models" });
      reload.model(modelId);
    },
  });
  const modelDefaults = createModelDefaults({
    ...{ workspace, library, settings, events },
    onLoadChange: (modelId) => reload.model(modelId),
  });
  const hardware = createHardwareService({
    ...{ workspace, settings, library, profile, engineBinaries, speeds, log },
    attached: attachments.forLoad,
    defaultsOf: modelDefaults.of,
  });
  return { speeds, attachments, modelDefaults, hardware };
}

/** What runs: engines, answers, measurements, the monitor. */
function createWorkers(options: ServiceOptions, foundation: Foundation, stack: AsyncDisposableStack) {
  const { dataDir, workspace, spawner, clock, log } = options;
  const { events, settings, library, egress, profile, hardware } = foundation;
  const running = startMonitor({
    ...{ dataDir, workspace, events, clock, log },
    engineStates: () => engines.states,
    enginePids: () => [...engines.pids, ...embedding.pids],
    profile: () => profile.read(),
  });
  stack.use(running);
  const engines: EngineSupervisor = createEngineSupervisor({
    ...{ library, log, spawner },
    planLoads: hardware.planLoads,
    onMeasured: hardware.record,
    onCrash: running.activity.crashed,
    onChange: () => {
      gate.changed();
      events.publish({ type: "engines", engines: engines.states });
    },
  });
  stack.use(engines);
  const keepWarmMinutes = () => settings.get(localUser, "library.keepWarmMinutes");
  const keepWarmMinutesOf = (modelId: string) => {
    const own = foundation.modelDefaults.of(modelId).keepWarmMinutes;
    return own === null ? keepWarmMinutes() : own === 0 ? null : own;
  };
  stack.use(startKeepWarm(engines, keepWarmMinutesOf, { log }));
  const gate = createAnswerGate(() => engines.states.some(({ phase }) => phase === "answering"));
  const embedding: EmbeddingEngine = createEmbeddingEngine({
    ...{ library, log, spawner, gate },
    planLoads: hardware.planLoads,
    onMeasured: hardware.record,
    onCrash: running.activity.crashed,
    onChange: () => undefined,
    modelId: () => settings.get(localUser, "knowledge.embeddingModel"),
  });
  stack.use(embedding);
  stack.use(startKeepWarm(oneModel(embedding), () => keepWarmMinutes() ?? embeddingIdleMinutes, { log }));
  const generations = createGenerationService({
    ...{ workspace, library, engines, events, clock, log },
    activity: running.activity,
    documents: lateSearch(foundation.lookUp),
    defaultModel: (principal) => settings.get(principal, "general.defaultModel"),
    defaultsOf: foundation.modelDefaults.of,
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
  return { engines, embedding, generations, bench, monitor: running.service };
}

/** Answers can be asked for before the index is open. */
function lateSearch(lookUp: { readonly documents: DocumentSearch | null }): DocumentSearch {
  return {
    async retrieve(principal, question, signal) {
      if (lookUp.documents === null) throw deskError("NOTHING_TO_SEARCH", { waiting: 0, failed: 0 });
      return lookUp.documents.retrieve(principal, question, signal);
    },
  };
}

/** An engine that holds one model and knows no other. */
function oneModel(embedding: Pick<EmbeddingEngine, "unloadIdle">): Parameters<typeof startKeepWarm>[0] {
  return {
    async unloadIdle(idleMs) {
      const allowed = idleMs("");
      if (allowed !== null) await embedding.unloadIdle(allowed);
    },
  };
}
