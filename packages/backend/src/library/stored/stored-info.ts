import type { DesksideError } from "@deskside/base";
import type { LibraryStorage, StoredModelInfo } from "@deskside/contract";
import type { FolderUse, ModelStore, StoredModel, TrashEntry } from "@deskside/model-library";

/** A stored model with what is wrong with its files at this moment. */
export async function storedInfo(store: ModelStore, model: StoredModel): Promise<StoredModelInfo> {
  const problem = model.current ? await store.problemOf(model.id) : null;
  const shown = model.current ?? model.versions[0];
  return {
    ...{ id: model.id, name: model.name, quantization: model.quantization, repo: model.repo },
    ...{ licence: model.licence, pinned: model.pinned, diskBytes: model.diskBytes },
    folder: shown?.folder ?? null,
    path: model.current?.paths[0] ?? null,
    linked: shown?.linked ?? false,
    versions: model.versions.map(({ key, sha256, revision, source, sizeBytes, addedAt, state }) => ({
      ...{ key, sha256, revision, source, sizeBytes, addedAt, state },
    })),
    problem: dataOf(problem),
  };
}

/** Everything the store has: models, trash, folders. */
export async function storageOf(store: ModelStore): Promise<LibraryStorage> {
  const [models, trash, folders] = await Promise.all([store.list(), store.trash(), store.diskUse()]);
  return {
    models: await Promise.all(models.map((model) => storedInfo(store, model))),
    trash: trash.map(trashInfo),
    folders: folders.map(folderInfo),
  };
}

function trashInfo({ id, modelId, name, bytes, deletedAt }: TrashEntry): LibraryStorage["trash"][number] {
  return { id, modelId, name, sizeBytes: bytes, deletedAt };
}

function folderInfo({ problem, ...folder }: FolderUse): LibraryStorage["folders"][number] {
  const { id, path, modelBytes, trashBytes, freeBytes, totalBytes } = folder;
  return { id, path, modelBytes, trashBytes, freeBytes, totalBytes, problem: dataOf(problem) };
}

function dataOf(error: DesksideError | null) {
  const data = error?.toData() ?? null;
  return data && { ...data, data: { ...data.data } };
}
