import { type FileHandle, mkdir, open, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { bundleRoles, deskError } from "@deskside/contract";
import { freeBytesOf } from "../download/disk/free-bytes.ts";
import { readGgufHeader } from "../gguf/gguf-header.ts";
import { hasCode } from "../store/disk/store-disk.ts";
import type { ModelStore, StoredModel } from "../store/store-types.ts";
import type { BundledModel, BundleEntry } from "./bundle-format.ts";
import type { OpenBundle } from "./open-bundle.ts";
import type { CopyOptions } from "./write-bundle.ts";

export interface ImportPlan {
  /** `present`: id of the model here that holds the same content. */
  readonly models: readonly { readonly model: BundledModel; readonly present: string | null }[];
  readonly unknown: readonly { readonly role: string; readonly entries: number }[];
  readonly neededBytes: number;
  readonly freeBytes: number;
  /** Of the file system that takes the models. */
  readonly path: string;
}

export interface ImportedModel {
  readonly bundled: BundledModel;
  readonly id: string;
  readonly already: boolean;
  /** Staged, checked and still to be taken over; those of models that were here too. */
  readonly licences: readonly { readonly name: string; readonly path: string }[];
  readonly adapters: readonly {
    readonly name: string;
    readonly path: string;
    readonly scale: number;
    readonly sha256: string;
  }[];
}

export interface ImportedBundle {
  readonly models: readonly ImportedModel[];
  /** Null = not in the bundle. */
  readonly settings: Buffer | null;
  readonly catalogue: Buffer | null;
}

/** Bytes; settings and catalogues are read into memory. */
const mostInMemory: Readonly<Record<string, number>> = { settings: 1024 * 1024, catalogue: 64 * 1024 * 1024 };
/** Left on the disk beside what an import needs. */
const spareBytes = 16 * 1024 * 1024;
const knownRoles: readonly string[] = bundleRoles;

/** @param known id of the model here with exactly this content, in this order; null = none */
export async function planImport(
  { manifest }: OpenBundle,
  store: Pick<ModelStore, "diskUse">,
  known: (sha256: readonly string[]) => Promise<string | null>,
): Promise<ImportPlan> {
  const models: { model: BundledModel; present: string | null }[] = [];
  for (const model of manifest.models) {
    models.push({ model, present: await known(model.files.map(({ sha256 }) => sha256)) });
  }
  const unknown = new Map<string, number>();
  for (const { role } of manifest.entries) {
    if (!knownRoles.includes(role)) unknown.set(role, (unknown.get(role) ?? 0) + 1);
  }
  const sizes = new Map(manifest.entries.map(({ sha256, bytes }) => [sha256, bytes]));
  const copied = models.flatMap(({ model, present }) => [
    ...(present === null ? model.files : []),
    ...model.licences,
    ...model.adapters,
  ]);
  const path = (await store.diskUse())[0]?.path ?? "";
  return {
    models,
    unknown: [...unknown].map(([role, entries]) => ({ role, entries })),
    neededBytes: copied.reduce((sum, { sha256 }) => sum + (sizes.get(sha256) ?? 0), 0),
    freeBytes: await freeBytesOf(await nearestFolder(path)),
    path,
  };
}

/**
 * Copies and checks every content of the bundle in a staging folder; only when all of them were as the manifest says,
 * the models are adopted, one after another. `takeOver` gets what the store does not keep, while it is staged.
 * Throws BUNDLE_DAMAGED, BUNDLE_NO_SPACE, what `readGgufHeader` and the store throw; the staging folder then goes away.
 */
export async function importBundle<T>(
  bundle: OpenBundle,
  plan: ImportPlan,
  deps: { store: ModelStore; takeOver: (imported: ImportedBundle) => Promise<T> },
  options: CopyOptions = {},
): Promise<T> {
  assertRoom(plan);
  const staging = await deps.store.stagingFolder();
  try {
    const targets = targetsOf(plan, staging);
    const kept = await copyAll(bundle, targets, options);
    await checkHeads(plan, staging, options.signal);
    options.signal?.throwIfAborted();
    const models: ImportedModel[] = [];
    for (const [index, { model, present }] of plan.models.entries()) {
      const id = present ?? (await adopt(deps.store, model, sizesOf(bundle), folderOf(staging, index))).id;
      const extras = join(folderOf(staging, index), "extras");
      models.push({
        ...{ bundled: model, id, already: present !== null },
        licences: model.licences.map(({ name }) => ({ name, path: join(extras, "licences", name) })),
        adapters: model.adapters.map((adapter) => ({ ...adapter, path: join(extras, "adapters", adapter.name) })),
      });
    }
    return await deps.takeOver({ models, settings: kept.settings ?? null, catalogue: kept.catalogue ?? null });
  } catch (error) {
    options.signal?.throwIfAborted();
    throw hasCode(error, "ENOSPC") ? noSpace(plan) : error;
  } finally {
    await rm(staging, { recursive: true, force: true, maxRetries: 3 });
  }
}

export function assertRoom(plan: ImportPlan): void {
  if (plan.freeBytes < plan.neededBytes + spareBytes) throw noSpace(plan);
}

function noSpace({ path, neededBytes, freeBytes }: ImportPlan): Error {
  return deskError("BUNDLE_NO_SPACE", { path, neededBytes: neededBytes + spareBytes, freeBytes });
}

function folderOf(staging: string, index: number): string {
  return join(staging, String(index));
}

function targetsOf({ models }: ImportPlan, staging: string): ReadonlyMap<string, readonly string[]> {
  const targets = new Map<string, string[]>();
  const add = (sha256: string, path: string) => targets.set(sha256, [...(targets.get(sha256) ?? []), path]);
  for (const [index, { model, present }] of models.entries()) {
    const folder = folderOf(staging, index);
    if (present === null) for (const { name, sha256 } of model.files) add(sha256, join(folder, name));
    for (const { name, sha256 } of model.licences) add(sha256, join(folder, "extras", "licences", name));
    for (const { name, sha256 } of model.adapters) add(sha256, join(folder, "extras", "adapters", name));
  }
  return targets;
}

/** Every content is read and checked, also one that nobody wants: a bundle is whole, or none. */
async function copyAll(
  bundle: OpenBundle,
  targets: ReadonlyMap<string, readonly string[]>,
  options: CopyOptions,
): Promise<{ settings?: Buffer; catalogue?: Buffer }> {
  const { entries } = bundle.manifest;
  const totalBytes = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  const names = new Map(bundle.manifest.models.flatMap(({ files }) => files.map(({ sha256, name }) => [sha256, name])));
  const kept: { settings?: Buffer; catalogue?: Buffer } = {};
  let doneBytes = 0;
  for (const entry of entries) {
    const current = names.get(entry.sha256) ?? entry.role;
    const inMemory = entry.role === "settings" || entry.role === "catalogue" ? memoryFor(bundle, entry) : null;
    let place = 0;
    await withFiles(targets.get(entry.sha256) ?? [], async (files) => {
      const onPiece = async (piece: Buffer) => {
        for (const file of files) await file.writeFile(piece);
        if (inMemory) place += piece.copy(inMemory, place);
        doneBytes += piece.length;
        options.onProgress?.({ doneBytes, totalBytes, current });
      };
      await bundle.read(entry, onPiece, options.signal ? { signal: options.signal } : {});
    });
    if (inMemory && entry.role === "settings") kept.settings = inMemory;
    if (inMemory && entry.role === "catalogue") kept.catalogue = inMemory;
  }
  return kept;
}

function memoryFor({ path }: OpenBundle, { role, bytes, path: entry }: BundleEntry): Buffer {
  if (bytes > (mostInMemory[role] ?? 0)) throw deskError("BUNDLE_DAMAGED", { path, reason: "too-large", entry });
  return Buffer.alloc(bytes);
}

async function withFiles(
  paths: readonly string[],
  work: (files: readonly FileHandle[]) => Promise<void>,
): Promise<void> {
  const files: FileHandle[] = [];
  try {
    for (const path of paths) {
      await mkdir(dirname(path), { recursive: true });
      files.push(await open(path, "wx", 0o644));
    }
    await work(files);
  } finally {
    for (const file of files) await file.close();
  }
}

async function checkHeads({ models }: ImportPlan, staging: string, signal: AbortSignal | undefined): Promise<void> {
  const options = signal ? { signal } : {};
  for (const [index, { model, present }] of models.entries()) {
    const folder = folderOf(staging, index);
    if (present === null) await readGgufHeader(join(folder, model.files[0]?.name ?? ""), options);
    for (const { name } of model.adapters) await readGgufHeader(join(folder, "extras", "adapters", name), options);
  }
}

function sizesOf({ manifest }: OpenBundle): ReadonlyMap<string, number> {
  return new Map(manifest.entries.map(({ sha256, bytes }) => [sha256, bytes]));
}

async function adopt(
  store: ModelStore,
  model: BundledModel,
  sizes: ReadonlyMap<string, number>,
  folder: string,
): Promise<StoredModel> {
  const { name, repo, revision, source, licence, quantization } = model;
  return await store.adopt({
    ...{ name, repo, revision, source, licence, quantization },
    files: model.files.map(({ name: file, sha256 }) => ({
      ...{ path: join(folder, file), name: file, sha256, sizeBytes: sizes.get(sha256) ?? 0 },
    })),
  });
}

/** The folder of models is made with the first model. */
async function nearestFolder(path: string): Promise<string> {
  for (let folder = path; ; folder = dirname(folder)) {
    const isThere = await freeBytesOf(folder).then(
      () => true,
      () => false,
    );
    if (isThere || folder === dirname(folder)) return folder;
  }
}
