import { nearestIds } from "../library/nearest-ids.ts";
import { pathsOf } from "./disk/layout.ts";
import { contentIdOf } from "./safe-names.ts";
import { notFound } from "./store-context.ts";
import type { StateRecord } from "./store-schemas.ts";
import type { StoredModel, StoredVersion, StoreFolder } from "./store-types.ts";

/** Models as others see them, in the order of their ids. Records of folders that are not configured are left out. */
export function modelsOf(records: readonly StateRecord[], folders: readonly StoreFolder[]): StoredModel[] {
  const roots = new Map(folders.map(({ id, path }) => [id, path]));
  const groups = Map.groupBy(
    records.filter(({ folder }) => roots.has(folder)),
    ({ sidecar }) => sidecar.id,
  );
  return [...groups].map(([id, group]) => modelOf(id, group, roots)).sort((a, b) => (a.id < b.id ? -1 : 1));
}

export function findModel(
  records: readonly StateRecord[],
  folders: readonly StoreFolder[],
  modelId: string,
): StoredModel {
  const models = modelsOf(records, folders);
  const model = models.find(({ id }) => id === modelId);
  if (!model) {
    const ids = models.map(({ id }) => id);
    throw notFound(
      modelId,
      nearestIds(modelId, ids).map((id) => ({ id })),
    );
  }
  return model;
}

/** By last use, candidates last. */
export function sortVersions(records: readonly StateRecord[]): StateRecord[] {
  return [...records].sort(
    (a, b) => (b.sidecar.activatedAt ?? -1) - (a.sidecar.activatedAt ?? -1) || b.sidecar.addedAt - a.sidecar.addedAt,
  );
}

/** A moment later than every use so far, also when the clock was set back. */
export function nextActivation(records: readonly StateRecord[], modelId: string, now: number): number {
  const used = records.filter(({ sidecar }) => sidecar.id === modelId).map(({ sidecar }) => sidecar.activatedAt ?? 0);
  return Math.max(now, ...used.map((at) => at + 1));
}

function modelOf(id: string, group: readonly StateRecord[], roots: ReadonlyMap<string, string>): StoredModel {
  const sorted = sortVersions(group);
  const versions = sorted.map((record, index) => versionOf(record, index === 0, roots.get(record.folder) ?? ""));
  const { sidecar } = sorted[0] as StateRecord;
  return {
    id,
    name: sidecar.name,
    quantization: sidecar.quantization,
    repo: sidecar.repo,
    licence: sidecar.licence,
    pinned: sidecar.pinned,
    current: versions.find(({ state }) => state === "current") ?? null,
    versions,
    diskBytes: versions.reduce((sum, version) => sum + (version.linked ? 0 : version.sizeBytes), 0),
  };
}

function versionOf({ folder, sidecar }: StateRecord, isFirst: boolean, root: string): StoredVersion {
  const used = isFirst ? "current" : "previous";
  const linked = sidecar.files.some(({ linkedPath }) => linkedPath !== null);
  const paths = pathsOf(root, sidecar);
  return {
    key: sidecar.version,
    sha256: contentIdOf(sidecar.files.map(({ sha256 }) => sha256)),
    repo: sidecar.repo,
    revision: sidecar.revision,
    source: sidecar.source,
    sizeBytes: sidecar.files.reduce((sum, file) => sum + file.sizeBytes, 0),
    addedAt: sidecar.addedAt,
    state: sidecar.activatedAt === null ? "candidate" : used,
    linked,
    folder: linked ? null : folder,
    paths,
    files: sidecar.files.map(({ sizeBytes, sha256 }, index) => ({ path: paths[index] ?? "", sizeBytes, sha256 })),
  };
}
