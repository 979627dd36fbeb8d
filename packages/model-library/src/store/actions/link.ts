import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { type DesksideError, isDesksideError } from "@deskside/base";
import { deskError } from "@deskside/contract";
import { readGgufHeader } from "../../gguf/gguf-header.ts";
import { partsOf, splitPattern } from "../../gguf/split-parts.ts";
import { hashModelFile, type VerifyOptions } from "../../manifest/verify-model-file.ts";
import { findGgufFiles, linkTargetOf } from "../discovery/find-gguf-files.ts";
import { isSameStamp, stampOf } from "../disk/file-stamp.ts";
import { versionFolder } from "../disk/layout.ts";
import { doom, isThere, makeStaging, publish, writeSidecar } from "../disk/staging.ts";
import { nextActivation } from "../model-view.ts";
import { freeId, modelIdOf, safeFileName } from "../safe-names.ts";
import { folderOf, notFound, type StoreContext, unusable } from "../store-context.ts";
import type { Sidecar, StateRecord, StoredFile } from "../store-schemas.ts";

export interface LinkOptions {
  readonly signal?: AbortSignal;
  readonly source?: string;
  readonly name?: string;
}

/** Ids of the models that stand for these files. See `ModelStore.link`. */
export async function linkPath(context: StoreContext, path: string, options: LinkOptions): Promise<string[]> {
  const info = await stat(path).catch((error: unknown) => {
    throw deskError("MODEL_FILE_MISSING", { model: basename(path), path }, { cause: error });
  });
  if (!info.isDirectory()) return [await linkFile(context, path, options)];
  const { files } = await findGgufFiles(path, signalOf(options));
  const ids: string[] = [];
  let failure: DesksideError | null = null;
  for (const file of files) {
    try {
      ids.push(await linkFile(context, file.path, { ...signalOf(options), ...sourceOf(options) }));
    } catch (error) {
      if (!isDesksideError(error)) throw error;
      failure ??= error;
    }
  }
  // Beside good models there may lie parts of programs that are none; alone, the reason is what the user has to know.
  if (ids.length === 0) throw failure ?? deskError("MODEL_FILE_MISSING", { model: basename(path), path });
  return ids;
}

async function linkFile(context: StoreContext, path: string, options: LinkOptions): Promise<string> {
  const first = partsOf(path)[0] ?? path;
  const header = await readGgufHeader(first, signalOf(options));
  const files = await linkedFiles(first);
  const name = (options.name?.trim() || nameOf(header.name, first)).slice(0, 200);
  return context.change(async (records, takenIds) => {
    const same = records.find(({ sidecar }) => sidecar.files[0]?.linkedPath === files[0]?.linkedPath);
    const isAsBefore = same?.sidecar.files.every((file, index) => isSameStamp(file.stamp, files[index]?.stamp ?? null));
    if (same && isAsBefore) return { records: null, result: same.sidecar.id };
    const wanted = modelIdOf(name, header.quantization);
    const id = same?.sidecar.id ?? freeId(wanted, (candidate) => takenIds.has(candidate));
    const now = context.now();
    const sidecar: Sidecar = {
      ...{ schemaVersion: 1, id, version: linkKeyOf(files), name, repo: null, revision: null },
      ...{ source: options.source ?? "import", licence: header.licence?.slice(0, 200) ?? null },
      ...{ quantization: header.quantization.slice(0, 60), addedAt: now, pinned: same?.sidecar.pinned ?? false },
      ...{ activatedAt: nextActivation(records, id, now), files, broughtFrom: null },
    };
    return { records: await writeLink(context, records, sidecar, same), result: id };
  });
}

/** Programs that store models under a hash leave no other name than the one inside the file. */
function nameOf(inside: string | null, path: string): string {
  const outside = basename(path)
    .replace(splitPattern, "")
    .replace(/\.gguf$/i, "");
  return outside.startsWith("sha256") ? inside?.trim() || outside : outside;
}

async function linkedFiles(first: string): Promise<StoredFile[]> {
  const files: StoredFile[] = [];
  for (const path of partsOf(first)) {
    const stamp = await stampOf(path);
    if (!stamp) throw deskError("MODEL_FILE_MISSING", { model: basename(first), path });
    const linkedPath = await linkTargetOf(path);
    files.push({ name: safeFileName(basename(path)), sizeBytes: stamp.sizeBytes, sha256: null, linkedPath, stamp });
  }
  return files;
}

function linkKeyOf(files: readonly StoredFile[]): string {
  const text = files.map(({ linkedPath, stamp }) => `${linkedPath}\0${stamp?.sizeBytes}\0${stamp?.mtimeMs}`).join("\n");
  return `link-${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;
}

async function writeLink(
  context: StoreContext,
  records: readonly StateRecord[],
  sidecar: Sidecar,
  old: StateRecord | undefined,
): Promise<readonly StateRecord[]> {
  const folder = folderOf(context, old?.folder);
  try {
    const staging = await makeStaging(context.disk, folder.path);
    await writeSidecar(context.disk, staging, sidecar);
    await publish(context.disk, staging, folder.path, sidecar);
    const before = old && versionFolder(folder.path, old.sidecar);
    if (before && old.sidecar.version !== sidecar.version && (await isThere(before))) {
      await doom(context.disk, folder.path, before);
    }
  } catch (error) {
    throw unusable(folder.path, error);
  }
  const others = records.filter((record) => record !== old);
  return [...others, { folder: folder.id, sidecar }];
}

/** See `ModelStore.relink`. */
export async function relinkModel(
  context: StoreContext,
  modelId: string,
  path: string,
  options: VerifyOptions,
): Promise<void> {
  const records = await context.records();
  const old = records
    .filter(({ sidecar }) => sidecar.id === modelId && sidecar.files[0]?.linkedPath !== null)
    .sort((a, b) => (b.sidecar.activatedAt ?? 0) - (a.sidecar.activatedAt ?? 0))[0];
  if (!old) throw notFound(modelId);
  const first = partsOf(path)[0] ?? path;
  await readGgufHeader(first, signalOf(options));
  const found = await linkedFiles(first);
  const files: StoredFile[] = [];
  for (const [index, file] of found.entries()) {
    const expected = old.sidecar.files[index]?.sha256 ?? null;
    const actual = expected === null ? null : await hashModelFile(file.linkedPath ?? "", options);
    if (expected !== null && actual !== expected) {
      throw deskError("HASH_MISMATCH", { path: file.linkedPath ?? "", expected, actual: actual ?? "" });
    }
    files.push({ ...file, sha256: actual });
  }
  await context.change(async (newest) => {
    const record = newest.find(({ sidecar }) => sidecar.id === modelId && sidecar.version === old.sidecar.version);
    if (!record) throw notFound(modelId);
    const sidecar = { ...record.sidecar, version: linkKeyOf(files), files };
    return { records: await writeLink(context, newest, sidecar, record), result: undefined };
  });
}

function signalOf(options: { signal?: AbortSignal }): { signal?: AbortSignal } {
  return options.signal ? { signal: options.signal } : {};
}

function sourceOf(options: LinkOptions): { source?: string } {
  return options.source === undefined ? {} : { source: options.source };
}
