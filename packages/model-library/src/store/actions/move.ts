import { statfs } from "node:fs/promises";
import { join } from "node:path";
import { deskError } from "@deskside/contract";
import { hashModelFile, type VerifyOptions } from "../../manifest/verify-model-file.ts";
import { stampOf } from "../disk/file-stamp.ts";
import { pathsOf, versionFolder } from "../disk/layout.ts";
import { doom, isThere, makeStaging, publish, writeSidecar } from "../disk/staging.ts";
import { folderOf, notFound, refuseInUse, type StoreContext, unusable } from "../store-context.ts";
import type { Sidecar, StateRecord, StoredFile } from "../store-schemas.ts";
import type { StoreFolder } from "../store-types.ts";

/** Left free on the target besides the model itself. */
const reserveBytes = 64 * 1024 * 1024;

/**
 * Copy → hash → switch → delete, one version after the other. Until the switch the old place is the model; whatever
 * stays behind after a crash is a copy that `reconcile` removes.
 */
export async function moveModel(
  context: StoreContext,
  modelId: string,
  folderId: string,
  options: VerifyOptions,
): Promise<void> {
  const target = folderOf(context, folderId);
  const records = (await context.records()).filter(({ sidecar }) => sidecar.id === modelId);
  if (records.length === 0) throw notFound(modelId);
  refuseInUse(context, modelId);
  const moving = records.filter(({ folder }) => folder !== target.id);
  const totalBytes = moving.reduce((sum, { sidecar }) => sum + ownBytes(sidecar), 0);
  await checkSpace(target, totalBytes);
  let doneBytes = 0;
  for (const record of moving) {
    const before = doneBytes;
    await moveVersion(context, record, target, {
      ...options,
      onProgress: (progress) => options.onProgress?.({ doneBytes: before + progress.doneBytes, totalBytes }),
    });
    doneBytes += ownBytes(record.sidecar);
  }
}

function ownBytes({ files }: Sidecar): number {
  return files.reduce((sum, { linkedPath, sizeBytes }) => sum + (linkedPath === null ? sizeBytes : 0), 0);
}

async function checkSpace(target: StoreFolder, bytes: number): Promise<void> {
  let freeBytes: number;
  try {
    const info = await statfs(target.path);
    freeBytes = info.bavail * info.bsize;
  } catch (error) {
    throw unusable(target.path, error);
  }
  const neededBytes = bytes + reserveBytes;
  if (freeBytes < neededBytes) throw deskError("DOWNLOAD_NO_SPACE", { path: target.path, neededBytes, freeBytes });
}

async function moveVersion(
  context: StoreContext,
  record: StateRecord,
  target: StoreFolder,
  options: VerifyOptions,
): Promise<void> {
  const source = folderOf(context, record.folder);
  const { disk } = context;
  let staging: string | null = null;
  try {
    staging = await makeStaging(disk, target.path);
    const files = await copyFiles(context, source, record.sidecar, staging, options);
    await switchOver(context, record, target, staging, { ...record.sidecar, files });
  } catch (error) {
    if (staging !== null) await disk.remove(staging);
    throw error instanceof Error && "syscall" in error ? unusable(target.path, error) : error;
  }
  // From here on the old files are only a copy.
  await context.change(async () => {
    const old = versionFolder(source.path, record.sidecar);
    if (await isThere(old)) await doom(disk, source.path, old);
    return { records: null, result: undefined };
  });
}

async function copyFiles(
  context: StoreContext,
  source: StoreFolder,
  sidecar: Sidecar,
  staging: string,
  options: VerifyOptions,
): Promise<StoredFile[]> {
  const paths = pathsOf(source.path, sidecar);
  const files: StoredFile[] = [];
  let before = 0;
  for (const [index, file] of sidecar.files.entries()) {
    options.signal?.throwIfAborted();
    if (file.linkedPath !== null) {
      files.push(file);
      continue;
    }
    const from = paths[index] as string;
    if (!(await stampOf(from))) throw deskError("MODEL_FILE_MISSING", { model: sidecar.id, path: from });
    const copy = join(staging, file.name);
    await context.disk.copy(from, copy);
    const expected = file.sha256 ?? (await hashModelFile(from, signalOf(options)));
    const done = before;
    const actual = await hashModelFile(copy, {
      ...signalOf(options),
      onProgress: ({ doneBytes, totalBytes }) => options.onProgress?.({ doneBytes: done + doneBytes, totalBytes }),
    });
    if (actual !== expected) throw deskError("HASH_MISMATCH", { path: from, expected, actual });
    files.push({ ...file, sha256: actual, stamp: await stampOf(copy) });
    before += file.sizeBytes;
  }
  return files;
}

function signalOf(options: VerifyOptions): { signal?: AbortSignal } {
  return options.signal ? { signal: options.signal } : {};
}

async function switchOver(
  context: StoreContext,
  record: StateRecord,
  target: StoreFolder,
  staging: string,
  copied: Sidecar,
): Promise<void> {
  await context.change(async (records) => {
    const now = records.find(
      ({ folder, sidecar }) =>
        folder === record.folder && sidecar.id === copied.id && sidecar.version === copied.version,
    );
    if (!now) throw notFound(copied.id);
    refuseInUse(context, copied.id);
    // What others changed meanwhile (pinned, in use) stays; the files are those that were copied.
    const sidecar = { ...now.sidecar, files: copied.files };
    await writeSidecar(context.disk, staging, sidecar);
    await publish(context.disk, staging, target.path, sidecar);
    return { records: records.map((other) => (other === now ? { folder: target.id, sidecar } : other)), result: null };
  });
}
