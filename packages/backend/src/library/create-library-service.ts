import { isAbsolute, resolve } from "node:path";
import { isDesksideError } from "@deskside/base";
import { deskError, type VerifyReport } from "@deskside/contract";
import {
  chooseFiles,
  hashModelFile,
  type HubFile,
  readRemoteGgufHeader,
  type StoredModel,
} from "@deskside/model-library";
import { catalogueEntries } from "./catalogue/catalogue-entries.ts";
import { filterCatalogue } from "./catalogue/filter-catalogue.ts";
import { startDownload } from "./downloads/start-download.ts";
import { switchSource } from "./downloads/switch-source.ts";
import { factsOf } from "./facts/gguf-facts.ts";
import { hubName, listHubs } from "./hubs/choose-hubs.ts";
import { compareHubs } from "./hubs/compare-hubs.ts";
import { findNearest } from "./hubs/nearest-gguf.ts";
import { repositoryInfo } from "./hubs/repository-info.ts";
import type { LibraryService, LibraryServiceDeps } from "./library-service.ts";
import { storageOf, storedInfo } from "./stored/stored-info.ts";

export function createLibraryService(deps: LibraryServiceDeps): LibraryService {
  return {
    downloads: deps.downloads,
    tokens: deps.tokens,
    attachments: deps.attachments,
    bundles: deps.bundles,
    ...createCatalogueQuestions(deps),
    ...createHubQuestions(deps),
    ...createStoreActions(deps),
    ...createChecks(deps),
  };
}

function createCatalogueQuestions(deps: LibraryServiceDeps): Pick<LibraryService, "catalogue" | "catalogueUpdate"> {
  return {
    async catalogueUpdate(path) {
      if (!isAbsolute(path)) throw notAbsolute();
      return await deps.catalogueSource.update(path);
    },
    async catalogue({ limit, ...query }) {
      const { catalogue, origin } = await deps.catalogueSource.current();
      const advisor = await deps.hardware.advisor();
      const advice = {
        fitOf: advisor.fitOfFile,
        recommendations: advisor.recommendations(catalogue.models.length),
      };
      const entries = catalogueEntries(catalogue, advice, byRepository(await deps.store.list()));
      const found = filterCatalogue(entries, query);
      return { updated: catalogue.updated, origin, total: found.length, entries: found.slice(0, limit) };
    },
  };
}

function notAbsolute(): Error {
  return deskError("INVALID_INPUT", { issues: [{ path: "path", message: "must be an absolute path" }] });
}

function byRepository(models: readonly StoredModel[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { id, repo, current } of models) {
    if (repo === null || current === null) continue;
    const key = repo.toLowerCase();
    found.set(key, [...(found.get(key) ?? []), id]);
  }
  return found;
}

type HubQuestions = Pick<
  LibraryService,
  "hubs" | "search" | "describe" | "remoteFacts" | "compareHubs" | "startDownload" | "switchSource"
>;

function createHubQuestions(deps: LibraryServiceDeps): HubQuestions {
  const { hubs, settings } = deps;
  return {
    hubs: () => listHubs(settings.hubs()),
    async search({ query, hub, limit }, { signal } = {}) {
      const hits = await hubs.ask(hub, (asked) => asked.search(query, { limit, ...(signal ? { signal } : {}) }));
      return hits.map((hit) => ({ ...hit, tags: [...hit.tags] }));
    },
    async describe(question, { signal } = {}) {
      const described = await hubs.describe(question, signal);
      const { hub, address, revision } = described;
      return repositoryInfo(hubName(hub.id, address), revision, await findNearest(described, hubs, signal));
    },
    async remoteFacts({ file, ...question }, { signal } = {}) {
      const { hub, address, revision } = await hubs.describe(question, signal);
      const [first, ...later] = chooseFiles(revision, file).files;
      if (!first) throw deskError("HUB_FILE_NOT_FOUND", { repo: question.repo, wanted: file, nearest: [] });
      using _door = hubs.openDoor([address]);
      const sourceOf = ({ path }: HubFile) => hub.fileSource(revision.repo, revision.revision, path);
      const options = { laterParts: later.map(sourceOf), ...(signal ? { signal } : {}) };
      return factsOf(await readRemoteGgufHeader(hubs.http, sourceOf(first), options));
    },
    compareHubs: (question, { signal } = {}) => compareHubs(question, deps, signal),
    switchSource: (wish, { signal } = {}) => switchSource(wish, deps, signal),
    startDownload: (wish, options) => startDownload(wish, deps, options),
  };
}

type StoreActions = Pick<
  LibraryService,
  "storage" | "show" | "remove" | "restore" | "emptyTrash" | "importPath" | "discover" | "move" | "useVersion" | "pin"
>;

function createStoreActions(deps: LibraryServiceDeps): StoreActions {
  const { store, library, events } = deps;
  const changed = async (model: StoredModel) => {
    events.publish({ type: "models" });
    return await storedInfo(store, model);
  };
  return {
    storage: () => storageOf(store),
    show: async (modelId) => await storedInfo(store, await store.get(modelId)),
    async remove(modelId) {
      const own = (await library.manifests()).some(({ id }) => id === modelId);
      if (own) throw deskError("UNSUPPORTED", { feature: "removing a built-in model" });
      await deps.release(modelId);
      const entries = await store.remove(modelId);
      events.publish({ type: "models" });
      return { bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0) };
    },
    restore: async (trashId) => await changed(await store.restore(trashId)),
    async emptyTrash(trashId) {
      const bytes = await store.emptyTrash(trashId === null ? { olderThanMs: 0 } : { trashId });
      events.publish({ type: "models" });
      return { bytes };
    },
    async importPath(path, { signal } = {}) {
      if (!isAbsolute(path)) throw notAbsolute();
      const linked = await store.link(resolve(path), signal ? { signal } : {});
      events.publish({ type: "models" });
      return await Promise.all(linked.map((model) => storedInfo(store, model)));
    },
    async discover() {
      const models = await store.list();
      const ids = new Map(
        models.flatMap(({ id, current }) => (current?.paths ?? []).map((path) => [path, id] as const)),
      );
      return (await deps.discover()).map(({ program, name, path, sizeBytes }) => ({
        ...{ program, name, path, sizeBytes },
        modelId: ids.get(path) ?? null,
      }));
    },
    async move(modelId, folder, { signal } = {}) {
      await deps.release(modelId);
      return await changed(await store.move(modelId, folder, signal ? { signal } : {}));
    },
    async useVersion(modelId, version) {
      const model = await store.rollback(modelId, version ?? undefined);
      await deps.unload(modelId);
      return await changed(model);
    },
    pin: async (modelId, pinned) => await changed(await store.setPinned(modelId, pinned)),
  };
}

function createChecks(deps: LibraryServiceDeps): Pick<LibraryService, "facts" | "verify" | "test"> {
  const { store, library } = deps;
  return {
    async facts(modelId, { signal } = {}) {
      return factsOf((await library.resolve(modelId, signal ? { signal } : {})).header);
    },
    async verify(modelId, { signal } = {}) {
      const options = signal ? { signal } : {};
      const manifest = (await library.manifests()).find(({ id }) => id === modelId);
      if (!manifest) return await verifyStored(store, modelId, options);
      const { path } = await library.resolve(modelId, options);
      const sha256 = await hashModelFile(path, options);
      const { sha256: expected, sizeBytes: bytes } = manifest;
      return { id: modelId, file: path, bytes, sha256, expected, ok: sha256 === expected };
    },
    async test(modelId, { signal } = {}) {
      const { noRoom: _, ...report } = await deps.tryModel(modelId, signal);
      return report;
    },
  };
}

async function verifyStored(
  store: LibraryServiceDeps["store"],
  modelId: string,
  options: { signal?: AbortSignal },
): Promise<VerifyReport> {
  const { current } = await store.get(modelId);
  const file = current?.paths[0];
  if (!current || file === undefined) throw deskError("MODEL_NOT_FOUND", { model: modelId, nearest: [] });
  const expected = current.sha256;
  const known = { id: modelId, file, bytes: current.sizeBytes, expected };
  try {
    const after = await store.verify(modelId, options);
    return { ...known, sha256: after.current?.sha256 ?? expected ?? "", ok: true };
  } catch (error) {
    if (!isDesksideError(error, "HASH_MISMATCH")) throw error;
    return { ...known, sha256: String(error.data["actual"]), ok: false };
  }
}
