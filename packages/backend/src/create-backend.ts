import { type Clock, systemClock } from "@deskside/base";
import type { ConnectionReading, SystemInfo } from "@deskside/contract";
import type { KeyProvider, ProcessSpawner } from "@deskside/contract/shell";
import { chooseThreads, createConnectionReader, createMemorySampler, readMachine } from "@deskside/hardware";
import { createModelLibrary } from "@deskside/model-library";
import { createServer, type PortLike } from "@deskside/rpc";
import { localUser, openWorkspace, type Principal } from "@deskside/storage";
import { createBackendRouter } from "./backend-router.ts";
import type { BackendContext, BackendServices } from "./backend-services.ts";
import { createEgress, createPurposePolicy, type OpenConnection } from "./egress/index.ts";
import { createEngineSupervisor } from "./engines/engine-supervisor.ts";
import { chooseModel } from "./generation/choose-model.ts";
import { createGenerationService } from "./generation/generation-service.ts";
import type { Logger } from "./log/logger.ts";
import { createSettingsService, type SettingsPolicy } from "./settings/settings-service.ts";
import { createEventHub } from "./system/event-hub.ts";
import { startTelemetry } from "./system/telemetry.ts";

/** Deleted chats can be brought back for this long. */
const trashMs = 30 * 24 * 3600_000;

export interface BackendOptions {
  /** Owned by the caller: its lease is held before this is called. */
  dataDir: string;
  modelsDir: string;
  keyProvider: KeyProvider;
  spawner: ProcessSpawner;
  shell: SystemInfo["shell"];
  versions: { deskside: string; node: string; electron: string | null; engineLibrary: string };
  log: Logger;
  policy?: SettingsPolicy;
  clock?: Clock;
  /** Loads the model that would answer first, before anybody asks. For processes that stay. */
  preload?: boolean;
  /** Processes whose sockets count, with their children; default: this process. */
  rootPids?: () => number[];
}

export interface Backend extends AsyncDisposable {
  readonly services: BackendServices;
  /** Serves the contract over one more port until it closes. */
  serve(port: PortLike, principal?: Principal): void;
}

/** Opens the store and everything that stands on it. Throws KEY_UNAVAILABLE, DATABASE_UNREADABLE, DATA_DIR_UNUSABLE, DISK_FULL. */
export async function createBackend(options: BackendOptions): Promise<Backend> {
  const { log, dataDir } = options;
  const clock = options.clock ?? systemClock;
  await using stack = new AsyncDisposableStack();
  const dataKey = await options.keyProvider.getDataKey();
  const workspace = openWorkspace({ dataDir, dataKey, clock, log });
  stack.defer(() => workspace.close());
  if (workspace.readOnly === null) {
    const interrupted = workspace.messages.markInterrupted();
    if (interrupted > 0) log.warn({ interrupted }, "answers were cut off by the last end");
    workspace.chats.purgeTrash(localUser, clock.now() - trashMs);
  }

  const { sqliteVersion } = workspace.diagnostics();
  const machine = await readMachine();
  const events = createEventHub();
  const library = createModelLibrary({ modelsDir: options.modelsDir });
  const engines = stack.use(
    createEngineSupervisor({
      library,
      spawner: options.spawner,
      log,
      chooseThreads: (weightBytes) =>
        chooseThreads({ ...machine, availableParallelism: machine.logicalCores, weightBytes }),
      onChange: () => events.publish({ type: "engines", engines: engines.states }),
    }),
  );
  const settings = createSettingsService({ workspace, events, policy: options.policy ?? {} });
  const generations = stack.use(
    createGenerationService({
      ...{ workspace, library, engines, events, clock, log },
      defaultModel: (principal) => settings.get(principal, "general.defaultModel"),
    }),
  );
  if (options.preload) void preload({ library, engines, settings, log });
  const info = (): SystemInfo => ({
    versions: { ...options.versions, sqlite: sqliteVersion },
    platform: process.platform,
    arch: process.arch,
    shell: options.shell,
    dataDir,
    encryption: "key-on-this-computer",
    machine: { cpu: machine.cpu, cores: machine.physicalCores, memoryBytes: machine.memoryBytes },
    store: { readOnly: workspace.readOnly, quarantined: workspace.quarantined },
  });
  const egress = createEgress({
    // Nothing of this version has a reason to leave: without rules every attempt is blocked and recorded.
    policy: createPurposePolicy(),
    ledger: {
      begin: (entry) => workspace.egress.append(localUser, entry).id,
      finish: (id, end) => void workspace.egress.finish(localUser, id, end),
    },
    onRecordError: (error) => log.warn({ err: error }, "the outbound record could not be finished"),
  });
  const sampler = createMemorySampler();
  const connections = createConnectionReader({
    rootPids: options.rootPids ?? (() => [process.pid]),
    includeDescendants: true,
  });
  stack.use(
    startTelemetry(
      {
        memory: () => sampler.readTotals(),
        residentBytes: async (pids) =>
          (await sampler.readProcesses(pids)).reduce((sum, one) => sum + (one?.residentBytes ?? 0), 0),
        connections: async () => nameHosts(await connections.read(), egress.openConnections()),
        enginePids: () => engines.pids,
        engineStates: () => engines.states,
      },
      { events, clock, onError: (error) => log.warn({ err: error }, "telemetry failed") },
    ),
  );

  const services: BackendServices = { workspace, library, engines, generations, settings, egress, events, log, info };
  const server = createServer<BackendContext>(createBackendRouter(services), {
    report: (error, incident) => log.error({ err: error, incident }, "unexpected failure"),
  });
  const owned = stack.move();
  return {
    services,
    serve: (port, principal = localUser) => server.serve(port, { principal }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The system shows addresses; whoever opened a connection knows the name. */
function nameHosts(reading: ConnectionReading, known: readonly OpenConnection[]): ConnectionReading {
  if (!reading.known) return reading;
  const connections = reading.connections.map((connection) => ({
    ...connection,
    host:
      known.find((one) => one.address === connection.remoteAddress && one.port === connection.remotePort)?.host ?? null,
  }));
  return { ...reading, connections };
}

/** What goes wrong here shows in the engine's state, and again, with words, when somebody asks. */
async function preload({
  library,
  engines,
  settings,
  log,
}: Pick<BackendServices, "library" | "engines" | "settings" | "log">) {
  try {
    const byDefault = settings.get(localUser, "general.defaultModel");
    const wish = { asked: null, ofChat: null, byDefault, conversation: "" };
    await (await engines.slot(await chooseModel(wish, { library, engines }))).ready();
  } catch (error) {
    log.warn({ err: error }, "no model could be loaded ahead");
  }
}
