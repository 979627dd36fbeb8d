import { deskError } from "@deskside/contract";
import { activate, adopt, replaceSidecar } from "./actions/adopt.ts";
import { diskUseOf } from "./actions/disk-use.ts";
import { linkPath, relinkModel } from "./actions/link.ts";
import { moveModel } from "./actions/move.ts";
import { emptyTrash, listTrash, moveToTrash, restoreFromTrash } from "./actions/trash.ts";
import { problemOfFiles, verifyFilesOf } from "./check-files.ts";
import { createIndex } from "./store-index.ts";
import { isUntouched } from "./disk/file-stamp.ts";
import { makeStaging } from "./disk/staging.ts";
import { downloadsRoot, pathsOf } from "./disk/layout.ts";
import { findModel, modelsOf, sortVersions } from "./model-view.ts";
import { contentIdOf } from "./safe-names.ts";
import { folderOf, notFound, type StoreContext, unusable } from "./store-context.ts";
import type { StateRecord } from "./store-schemas.ts";
import type { ModelStore, ModelStoreOptions, StoredModel, TrashEntry } from "./store-types.ts";

/** Models on disk. Several processes may use the same folders and state file at a time. */
export function createModelStore(options: ModelStoreOptions): ModelStore {
  const index = createIndex(options);
  const { context } = index;
  const get = async (modelId: string): Promise<StoredModel> =>
    findModel(await context.records(), context.folders(), modelId);
  return {
    ...readers(context, get),
    ...versionActions(context, get),
    reconcile: index.reconcile,
    async link(path, linkOptions = {}) {
      const ids = await linkPath(context, path, linkOptions);
      return Promise.all(ids.map(get));
    },
    async relink(modelId, path, verify = {}) {
      await relinkModel(context, modelId, path, verify);
      return get(modelId);
    },
    async move(modelId, folderId, verify = {}) {
      await moveModel(context, modelId, folderId, verify);
      return get(modelId);
    },
    remove: (modelId) => moveToTrash(context, modelId, null),
    trash: () => listTrash(context),
    async restore(trashId) {
      return get(await restoreFromTrash(context, trashId));
    },
    emptyTrash: (empty = {}) => emptyTrash(context, empty),
    async verify(modelId, verify = {}) {
      await verifyFilesOf(context, await recordOf(context, modelId), verify);
      return get(modelId);
    },
  };
}

type Get = (modelId: string) => Promise<StoredModel>;

function readers(
  context: StoreContext,
  get: Get,
): Pick<ModelStore, "list" | "get" | "findByContent" | "problemOf" | "diskUse" | "downloadsFolder" | "stagingFolder"> {
  return {
    get,
    async list() {
      return modelsOf(await context.records(), context.folders());
    },
    async findByContent(hashes) {
      const wanted = contentIdOf(hashes.map((hash) => hash.toLowerCase()));
      for (const record of await context.records()) {
        const content = contentIdOf(record.sidecar.files.map(({ sha256 }) => sha256));
        if (content !== wanted || content === null) continue;
        const paths = pathsOf(folderOf(context, record.folder).path, record.sidecar);
        if (await isUntouched(paths, record.sidecar.files)) return get(record.sidecar.id);
      }
      return null;
    },
    async problemOf(modelId, versionKey) {
      return problemOfFiles(context, await recordOf(context, modelId, versionKey));
    },
    diskUse: () => diskUseOf(context),
    async downloadsFolder(folderId) {
      const path = downloadsRoot(folderOf(context, folderId).path);
      try {
        await context.disk.makeFolder(path);
      } catch (error) {
        throw unusable(path, error);
      }
      return path;
    },
    async stagingFolder(folderId) {
      const { path } = folderOf(context, folderId);
      try {
        return await makeStaging(context.disk, path);
      } catch (error) {
        throw unusable(path, error);
      }
    },
  };
}

function versionActions(
  context: StoreContext,
  get: Get,
): Pick<ModelStore, "adopt" | "adoptAsCandidate" | "promote" | "discard" | "rollback" | "removeVersion" | "setPinned"> {
  return {
    async adopt(adoption) {
      return get((await adopt(context, adoption, false)).modelId);
    },
    async adoptAsCandidate(adoption) {
      const { modelId, version } = await adopt(context, adoption, true);
      const model = await get(modelId);
      const candidate = model.versions.find(({ key }) => key === version);
      if (!candidate) throw notFound(modelId);
      return { model, candidate };
    },
    async promote(modelId, versionKey) {
      await switchTo(context, modelId, (versions) => versions.find(({ sidecar }) => sidecar.version === versionKey));
      return get(modelId);
    },
    async discard(modelId, versionKey) {
      const record = await recordOf(context, modelId, versionKey);
      if (record.sidecar.activatedAt !== null) throw deskError("MODEL_IN_USE", { model: modelId });
      return first(await moveToTrash(context, modelId, versionKey));
    },
    async rollback(modelId, versionKey) {
      await switchTo(context, modelId, (versions) =>
        versionKey === undefined ? versions[1] : versions.find(({ sidecar }) => sidecar.version === versionKey),
      );
      return get(modelId);
    },
    async removeVersion(modelId, versionKey) {
      const current = (await get(modelId)).current;
      if (current?.key === versionKey) throw deskError("MODEL_IN_USE", { model: modelId });
      await recordOf(context, modelId, versionKey);
      const entry = first(await moveToTrash(context, modelId, versionKey));
      if (!entry) throw deskError("MODEL_FILE_MISSING", { model: modelId, path: versionKey });
      return entry;
    },
    async setPinned(modelId, pinned) {
      refuseUnknown(await context.records(), modelId);
      await context.change(async (records) => {
        let next = records;
        for (const record of records.filter(({ sidecar }) => sidecar.id === modelId)) {
          if (record.sidecar.pinned === pinned) continue;
          next = await replaceSidecar(context, next, record, { ...record.sidecar, pinned });
        }
        return { records: next, result: undefined };
      });
      return get(modelId);
    },
  };
}

/** The version must be there: switching to a missing file would leave the user with none. */
async function switchTo(
  context: StoreContext,
  modelId: string,
  choose: (versions: readonly StateRecord[]) => StateRecord | undefined,
): Promise<void> {
  await context.change(async (records) => {
    const own = sortVersions(records.filter(({ sidecar }) => sidecar.id === modelId));
    // Candidates are never "the previous file": promotion names them.
    const used = own.filter(({ sidecar }) => sidecar.activatedAt !== null);
    const chosen = choose(used) ?? choose(own.filter(({ sidecar }) => sidecar.activatedAt === null));
    if (!chosen) throw notFound(modelId);
    const problem = await problemOfFiles(context, chosen);
    if (problem) throw problem;
    return { records: await activate(context, records, chosen), result: undefined };
  });
}

/** The version in use unless another is named. */
async function recordOf(context: StoreContext, modelId: string, versionKey?: string): Promise<StateRecord> {
  const records = await context.records();
  refuseUnknown(records, modelId);
  const own = sortVersions(records.filter(({ sidecar }) => sidecar.id === modelId));
  const record = versionKey === undefined ? own[0] : own.find(({ sidecar }) => sidecar.version === versionKey);
  if (!record) throw notFound(modelId);
  return record;
}

function refuseUnknown(records: readonly StateRecord[], modelId: string): void {
  if (!records.some(({ sidecar }) => sidecar.id === modelId)) throw notFound(modelId);
}

function first(entries: readonly TrashEntry[]): TrashEntry | null {
  return entries[0] ?? null;
}
