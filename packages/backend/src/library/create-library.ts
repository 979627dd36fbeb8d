import { join } from "node:path";
import type { Clock } from "@deskside/base";
import { deskError } from "@deskside/contract";
import type { ProcessSpawner } from "@deskside/contract/shell";
import { createDownloader, findForeignModels, type ModelLibrary, type ModelStore } from "@deskside/model-library";
import type { Egress } from "../egress/index.ts";
import type { EngineSupervisor } from "../engines/engine-supervisor.ts";
import type { HardwareService } from "../hardware/hardware-service.ts";
import type { Profile } from "../hardware/profile.ts";
import type { Logger } from "../log/logger.ts";
import type { EventHub } from "../system/event-hub.ts";
import { tryModel } from "./canary/try-model.ts";
import { createLibraryService } from "./create-library-service.ts";
import { createDownloadRecords, type DownloadRecord } from "./downloads/download-records.ts";
import { createDownloadService } from "./downloads/download-service.ts";
import type { HubDoor } from "./egress/hub-door.ts";
import { createLibraryHttp } from "./egress/library-http.ts";
import { createHubAccess, type HubAccess } from "./hubs/hub-access.ts";
import type { LibraryService } from "./library-service.ts";
import type { LibrarySettings } from "./library-settings.ts";

export interface LibraryOptions {
  readonly dataDir: string;
  readonly settings: LibrarySettings;
  readonly library: ModelLibrary;
  readonly store: ModelStore;
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
  const hubs = createHubAccess({
    ...{ http: createLibraryHttp(options.egress), door: options.door },
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
  const onAdopted = () => events.publish({ type: "models" });
  const downloads = await openDownloads(options, stack, {
    openDoor: (record) => openDoorFor(record, hubs),
    adopt: {
      ...{ store, library, tryModel: test },
      onReplaced: (modelId) => {
        // Whoever is answering ends first; the next answer comes from the new file.
        unload(modelId).catch((error: unknown) => log.warn({ err: error, model: modelId }, "could not be unloaded"));
      },
    },
    onChange: () => events.publish({ type: "downloads" }),
    ...{ onAdopted, log },
  });
  const discover = async () => (await findForeignModels()).models;
  // What lies in the trash for 30 days goes for good.
  const emptied = store.emptyTrash().catch((error: unknown) => {
    log.warn({ err: error }, "the trash of models could not be emptied");
  });
  stack.defer(async () => void (await emptied));
  return createLibraryService({
    ...{ settings, library, store, hubs, downloads, release, unload, events, discover, tryModel: test },
    ...{ hardware: options.hardware, profile: options.profile, now: () => clock.now() },
  });
}

function openDoorFor({ hubs, fileHosts }: DownloadRecord, access: HubAccess): Disposable {
  return access.openDoor(
    hubs.map(({ baseUrl }) => baseUrl),
    fileHosts,
  );
}

type DownloadParts = Omit<Parameters<typeof createDownloadService>[0], "transfers" | "records">;

async function openDownloads(options: LibraryOptions, stack: AsyncDisposableStack, parts: DownloadParts) {
  const { settings, log } = options;
  const folder = join(options.dataDir, "downloads");
  const records = createDownloadRecords(folder, (path, error) => log.warn({ err: error, path }, "not a download"));
  // What the last process left goes on as soon as the queue is there: its doors must be open by then.
  using doors = new DisposableStack();
  for (const record of await records.list()) doors.use(parts.openDoor(record satisfies DownloadRecord));
  const transfers = stack.use(
    await createDownloader({
      http: createLibraryHttp(options.egress),
      folder: join(folder, "journals"),
      limits: { ...settings.limits(), schedule: null },
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
