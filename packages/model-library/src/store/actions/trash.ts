import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { deskError } from "@deskside/contract";
import { modelFolder, trashRoot, versionFolder } from "../disk/layout.ts";
import { readSidecar } from "../disk/scan-folder.ts";
import { doom, isThere, writeSidecar } from "../disk/staging.ts";
import { freeId } from "../safe-names.ts";
import { folderOf, notFound, refuseInUse, type StoreContext, unusable } from "../store-context.ts";
import type { Sidecar, StateRecord } from "../store-schemas.ts";
import type { StoreFolder, TrashEntry } from "../store-types.ts";

export const trashDays = 30;
const entryPattern = /^(\d{1,15})-([a-z0-9][a-z0-9.-]{0,63})(?:~\d{1,4})?$/;

/** Moves whole models or single versions into the trash of the folder they lie in: one rename each. */
export async function moveToTrash(
  context: StoreContext,
  modelId: string,
  versionKey: string | null,
): Promise<readonly TrashEntry[]> {
  return context.change(async (records) => {
    const isMeant = ({ sidecar }: StateRecord): boolean =>
      sidecar.id === modelId && (versionKey === null || sidecar.version === versionKey);
    const meant = records.filter(isMeant);
    const first = meant[0];
    if (!first) throw notFound(modelId);
    if (versionKey === null || first.sidecar.activatedAt !== null) refuseInUse(context, modelId);
    const entries: TrashEntry[] = [];
    for (const id of new Set(meant.map(({ folder }) => folder))) {
      const folder = folderOf(context, id);
      const source =
        versionKey === null ? modelFolder(folder.path, modelId) : versionFolder(folder.path, first.sidecar);
      const entry = await trashOne(context, folder, source, first.sidecar, versionKey);
      if (entry) entries.push(entry);
    }
    return { records: records.filter((record) => !isMeant(record)), result: entries };
  });
}

async function trashOne(
  context: StoreContext,
  folder: StoreFolder,
  source: string,
  sidecar: Sidecar,
  versionKey: string | null,
): Promise<TrashEntry | null> {
  const { disk } = context;
  if (!(await isThere(folder.path))) throw unusable(folder.path, "the folder cannot be reached");
  if (!(await isThere(source))) return null;
  const deletedAt = Math.trunc(context.now());
  const root = trashRoot(folder.path);
  try {
    await disk.makeFolder(root);
    const name = await freeName(root, `${deletedAt}-${sidecar.id}`);
    const target = join(root, name);
    if (versionKey !== null) await disk.makeFolder(target);
    await disk.rename(source, versionKey === null ? target : join(target, sidecar.version));
    await disk.syncFolder(root);
    const bytes = await bytesBelow(target);
    return { id: `${folder.id}:${name}`, modelId: sidecar.id, name: sidecar.name, bytes, deletedAt, folder: folder.id };
  } catch (error) {
    throw unusable(folder.path, error);
  }
}

async function freeName(root: string, name: string): Promise<string> {
  for (let number = 2, next = name; ; number++) {
    if (!(await isThere(join(root, next)))) return next;
    next = `${name}~${number}`;
  }
}

/** The trash is what lies in the trash folders; nothing else keeps a list of it. The newest first. */
export async function listTrash(context: StoreContext): Promise<TrashEntry[]> {
  const entries: TrashEntry[] = [];
  for (const folder of context.folders()) {
    const root = trashRoot(folder.path);
    for (const name of await namesIn(root)) {
      const match = entryPattern.exec(name);
      if (!match) continue;
      const [, deletedAt, modelId] = match as unknown as [string, string, string];
      const sidecar = (await sidecarsIn(join(root, name)))[0];
      // A version was about to be put here when everything stopped: there is nothing in it.
      if (!sidecar && (await bytesBelow(join(root, name))) === 0) continue;
      entries.push({
        ...{ id: `${folder.id}:${name}`, modelId, name: sidecar?.name ?? modelId, folder: folder.id },
        ...{ bytes: await bytesBelow(join(root, name)), deletedAt: Number(deletedAt) },
      });
    }
  }
  return entries.sort((a, b) => b.deletedAt - a.deletedAt);
}

/** Back to where it was; under another id when that is taken by another model meanwhile. */
export async function restoreFromTrash(context: StoreContext, trashId: string): Promise<string> {
  return context.change(async (records, takenIds) => {
    const { folder, path } = await findEntry(context, trashId);
    const sidecars = await sidecarsIn(path);
    const first = sidecars[0];
    if (!first) throw deskError("MODEL_NOT_FOUND", { model: trashId, nearest: [] });
    const holder = records.find(({ sidecar }) => sidecar.id === first.id)?.sidecar;
    const isOther = holder && (holder.repo !== first.repo || holder.quantization !== first.quantization);
    const isTaken = isOther || (holder === undefined && takenIds.has(first.id));
    const id = isTaken ? freeId(first.id, (candidate) => takenIds.has(candidate)) : first.id;
    const restored: StateRecord[] = [];
    for (const sidecar of sidecars) {
      const next = { ...sidecar, id };
      if (records.some((record) => record.sidecar.id === id && record.sidecar.version === sidecar.version)) continue;
      await bringBack(context, folder, join(path, sidecar.version), next, id !== sidecar.id);
      restored.push({ folder: folder.id, sidecar: next });
    }
    await doom(context.disk, folder.path, path);
    return { records: [...records, ...restored], result: id };
  });
}

async function bringBack(
  context: StoreContext,
  folder: StoreFolder,
  source: string,
  sidecar: Sidecar,
  isRenamed: boolean,
): Promise<void> {
  const { disk } = context;
  try {
    if (isRenamed) await writeSidecar(disk, source, sidecar);
    await disk.makeFolder(modelFolder(folder.path, sidecar.id));
    const target = versionFolder(folder.path, sidecar);
    if (await isThere(target)) await doom(disk, folder.path, target);
    await disk.rename(source, target);
    await disk.syncFolder(modelFolder(folder.path, sidecar.id));
  } catch (error) {
    throw unusable(folder.path, error);
  }
}

/** Deletes for good. Returns the bytes given back. */
export async function emptyTrash(
  context: StoreContext,
  options: { olderThanMs?: number; trashId?: string },
): Promise<number> {
  return context.change(async () => {
    const olderThanMs = options.olderThanMs ?? trashDays * 24 * 60 * 60 * 1000;
    let bytes = 0;
    for (const entry of await listTrash(context)) {
      const isMeant =
        options.trashId === undefined ? context.now() - entry.deletedAt >= olderThanMs : entry.id === options.trashId;
      if (!isMeant) continue;
      const { folder, path } = await findEntry(context, entry.id);
      try {
        await doom(context.disk, folder.path, path);
      } catch (error) {
        throw unusable(folder.path, error);
      }
      bytes += entry.bytes;
    }
    return { records: null, result: bytes };
  });
}

async function findEntry(context: StoreContext, trashId: string): Promise<{ folder: StoreFolder; path: string }> {
  const folder = context.folders().find(({ id }) => trashId.startsWith(`${id}:`));
  const name = folder ? trashId.slice(folder.id.length + 1) : "";
  if (folder && entryPattern.test(name)) {
    const path = join(trashRoot(folder.path), name);
    if (await isThere(path)) return { folder, path };
  }
  throw deskError("MODEL_NOT_FOUND", { model: trashId, nearest: [] });
}

/** Versions in a model's folder, the one used last first. */
async function sidecarsIn(path: string): Promise<Sidecar[]> {
  const sidecars: Sidecar[] = [];
  for (const name of await namesIn(path)) {
    const sidecar = await readSidecar(join(path, name));
    if (sidecar && sidecar.version === name) sidecars.push(sidecar);
  }
  return sidecars.sort((a, b) => (b.activatedAt ?? -1) - (a.activatedAt ?? -1));
}

/** Of regular files; links are not followed. A place that cannot be read counts as nothing. */
export async function bytesBelow(path: string, depth = 6): Promise<number> {
  let bytes = 0;
  for (const name of await namesIn(path)) {
    const info = await lstat(join(path, name)).catch(() => null);
    if (info?.isFile()) bytes += info.size;
    else if (info?.isDirectory() && depth > 0) bytes += await bytesBelow(join(path, name), depth - 1);
  }
  return bytes;
}

async function namesIn(path: string): Promise<string[]> {
  return readdir(path).catch(() => []);
}
