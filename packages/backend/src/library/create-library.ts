import { join } from "node:path";
import type { Clock } from "@deskside/base";
import { deskError } from "@deskside/contract";
import type { KeyProvider, ProcessSpawner } from "@deskside/contract/shell";
import {
  createDownloader,
  findForeignModels,
  type HttpClient,
  type ModelLibrary,
  type ModelStore,
  partsOf,
  readGgufHeader,
  type ValidateFile,
} from "@deskside/model-library";
import { deriveKey, type Workspace } from "@deskside/storage";
import type { Egress } from "../egress/index.ts";
import type { EngineSupervisor } from "../engines/engine-supervisor.ts";
import type { HardwareService } from "../hardware/hardware-service.ts";
import type { Profile } from "../hardware/profile.ts";
import type { Logger } from "../log/logger.ts";
import type { SettingsService } from "../settings/settings-service.ts";
import type { EventHub } from "../system/event-hub.ts";
import { type RetestDeps, retestCandidates } from "./canary/retest-candidates.ts";
import { tryModel } from "./canary/try-model.ts";
import type { Attachments } from "./attachments/attachments.ts";
import { bundleFolders, type BundleService, createBundleService } from "./bundle/bundle-service.ts";
import type { CatalogueSource } from "./catalogue/catalogue-source.ts";
import { createLibraryService } from "./create-library-service.ts";
import { createDownloadRecords, type DownloadRecord } from "./downloads/download-records.ts";
import { createDownloadService } from "./downloads/download-service.ts";
import type { HubDoor } from "./egress/hub-door.ts";
import { createLibraryHttp } from "./egress/library-http.ts";
import { createHubTokens } from "./tokens/hub-tokens.ts";
import { createHubAccess, type HubAccess } from "./hubs/hub-access.ts";
import type { LibraryService } from "./library-service.ts";
import type { LibrarySettings } from "./library-settings.ts";

export interface LibraryOptions {
  readonly dataDir: string;
  readonly workspace: Workspace;
  readonly settings: LibrarySettings;
  /** All of them, for bundles. */
  readonly appSettings: SettingsService;
  readonly keyProvider: KeyProvider;
  readonly versions: { readonly deskside: string };
  readonly catalogueSource: CatalogueSource;
  readonly library: ModelLibrary;
  readonly store: ModelStore;
  readonly attachments: Attachments;
  /** Guards the policy of `egress`. */
  readonly door: HubDoor;
  readonly egress: Egress;
  readonly hardware: HardwareService;
  readonly profile: Profile;
  readonly engines: EngineSupervisor;
  readonly spawner: ProcessSpawner;
  readonly events: EventHub;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The area `library` with all its parts; downloads of the last process go on at once. */
export async function createLibrary(options: LibraryOptions, stack: AsyncDisposableStack): Promise<LibraryService> {
  const { settings, library, store, engines, events, log, clock } = options;
  const tokens = createHubTokens({ repository: options.workspace.hubTokens, env: process.env });
  const http = createLibraryHttp(options.egress, tokens);
  const hubs = createHubAccess({
    ...{ http, door: options.door },
    settings: () => settings.hubs(),
    redirectsTo: () => settings.redirectsTo(),
  });
  const canary = { spawner: options.spawner, planLoads: options.hardware.planLoads, log };
  const test = async (modelOrPath: string, signal: AbortSignal | undefined) => {
    const given = signal ? { signal } : {};
    return await tryModel(await library.resolve(modelOrPath, given), canary, given);
  };
  const unload = (modelId: string) => engines.unload(modelId);
  const release = async (modelId: string) => {
    if (engines.existing(modelId)?.busy) throw deskError("MODEL_IN_USE", { model: modelId });
    await unload(modelId);
  };
  const onReplaced = (modelId: string) => {
    // Whoever is answering ends first; the next answer comes from the new file.
    unload(modelId).catch((error: unknown) => log.warn({ err: error, model: modelId }, "could not be unloaded"));
  };
  const onAdopted = () => events.publish({ type: "models" });
  const downloads = await openDownloads({ ...options, http }, stack, {
    openDoor: (record) => openDoorFor(record, hubs),
    adopt: { store, library, tryModel: test, onReplaced },
    onChange: () => events.publish({ type: "downloads" }),
    ...{ onAdopted, log },
  });
  const discover = async () => (await findForeignModels()).models;
  retestLeftOver({ store, tryModel: test, onReplaced, onChange: onAdopted, log }, downloads.records(), stack);
  // What lies in the trash for 30 days goes for good.
  const emptied = store.emptyTrash().catch((error: unknown) => {
    log.warn({ err: error }, "the trash of models could not be emptied");
  });
  stack.defer(async () => void (await emptied));
  const bundles = stack.use(openBundles(options));
  return createLibraryService({
    ...{ bundles, catalogueSource: options.catalogueSource },
    ...{ settings, library, store, hubs, tokens, downloads, release, unload, events, discover, tryModel: test },
    attachments: options.attachments,
    ...{ hardware: options.hardware, profile: options.profile, now: () => clock.now() },
  });
}

/** In the background: a model takes seconds to load, and nobody waits for it. */
function retestLeftOver(
  deps: Omit<RetestDeps, "expected">,
  records: readonly DownloadRecord[],
  stack: AsyncDisposableStack,
): void {
  const stop = new AbortController();
  const expected = records.map(({ files }) => files);
  const done = retestCandidates({ ...deps, expected }, stop.signal).catch((error: unknown) => {
    if (!stop.signal.aborted) deps.log.warn({ err: error }, "what is left of tests could not be looked at");
  });
  stack.defer(async () => {
    stop.abort();
    await done;
  });
}

function openBundles(options: LibraryOptions): BundleService {
  const { library, store, attachments, events, clock, log, keyProvider } = options;
  return createBundleService({
    ...{ library, store, attachments, events, log, now: () => clock.now() },
    ...{ settings: options.appSettings, catalogue: options.catalogueSource, version: options.versions.deskside },
    ...bundleFolders(options.dataDir),
    // Nothing has to be kept: the same data key gives the same key.
    seed: async () => deriveKey(await keyProvider.getDataKey(), "bundles/ed25519"),
  });
}

/** A part of a split model says nothing by itself; all of them are checked together before they become a model. */
const checkHead: ValidateFile = async (partPath, { file, signal }) => {
  if (partsOf(file).length === 1) await readGgufHeader(partPath, { signal });
};

function openDoorFor({ hubs, fileHosts }: DownloadRecord, access: HubAccess): Disposable {
  return access.openDoor(
    hubs.map(({ baseUrl }) => baseUrl),
    fileHosts,
  );
}

type DownloadParts = Omit<Parameters<typeof createDownloadService>[0], "transfers" | "records">;

async function openDownloads(
  options: LibraryOptions & { http: HttpClient },
  stack: AsyncDisposableStack,
  parts: DownloadParts,
) {
  const { settings, log } = options;
  const folder = join(options.dataDir, "downloads");
  const records = createDownloadRecords(folder, (path, error) => log.warn({ err: error, path }, "not a download"));
  // What the last process left goes on as soon as the queue is there: its doors must be open by then.
  using doors = new DisposableStack();
  for (const record of await records.list()) doors.use(parts.openDoor(record satisfies DownloadRecord));
  const transfers = stack.use(
    await createDownloader({
      http: options.http,
      folder: join(folder, "journals"),
      limits: settings.limits(),
      validate: checkHead,
      // The pieces of egress are those of Node's own reads, which nobody else looks at.
      tuning: { freesPieces: true },
      onError: (error) => log.error({ err: error }, "the queue of downloads failed"),
    }),
  );
  const service = stack.use(createDownloadService({ ...parts, transfers, records }));
  await service.resumeAll();
  const onSettings = options.events.onPublish(({ type }) => {
    if (type === "settings") transfers.setLimits(settings.limits());
  });
  stack.use(onSettings);
  return service;
}
