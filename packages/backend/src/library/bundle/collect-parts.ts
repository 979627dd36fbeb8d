import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { deskError, type BundleResult } from "@deskside/contract";
import {
  type BundleContent,
  type BundledModel,
  type BundleParts,
  canonicalJson,
  hashModelFile,
  type ModelLibrary,
  type ModelStore,
  type ResolvedModel,
  safeFileName,
} from "@deskside/model-library";
import type { SettingsService } from "../../settings/settings-service.ts";
import type { Attachments } from "../attachments/attachments.ts";
import type { CatalogueSource } from "../catalogue/catalogue-source.ts";
import { settingsToTravel } from "./travelling-settings.ts";

export interface CollectDeps {
  readonly library: ModelLibrary;
  readonly store: ModelStore;
  readonly attachments: Attachments;
  readonly settings: SettingsService;
  readonly catalogue: CatalogueSource;
  /** `<folder>/<model id>/` holds the licence texts that came with a model. */
  readonly licencesDir: string;
  readonly version: string;
  readonly now: () => number;
}

export interface Wish {
  readonly models: readonly string[];
  readonly settings: boolean;
  readonly catalogue: boolean;
}

export interface Collected {
  readonly parts: BundleParts;
  readonly settings: readonly string[];
  readonly skipped: BundleResult["skipped"];
}

/** Throws BUNDLE_EMPTY, and what resolving a model throws. Files whose hash nobody knows yet are hashed: that takes time. */
export async function collectParts(wish: Wish, deps: CollectDeps, signal?: AbortSignal): Promise<Collected> {
  const contents: BundleContent[] = [];
  const models: BundledModel[] = [];
  const skipped: BundleResult["skipped"] = [];
  for (const id of new Set(wish.models)) models.push(await collectModel(id, deps, contents, signal));
  const travelling = wish.settings ? settingsToTravel(deps.settings) : { values: {}, withSecrets: [] };
  const keys = Object.keys(travelling.values);
  if (keys.length > 0) contents.push(inMemory(canonicalJson(travelling.values), "settings"));
  skipped.push(...travelling.withSecrets.map((what) => ({ what, reason: "setting-secret" as const })));
  const signed = wish.catalogue ? await deps.catalogue.signedBytes() : null;
  if (signed) contents.push(inMemory(signed, "catalogue"));
  else if (wish.catalogue) skipped.push({ what: "catalogue", reason: "catalogue-built-in" });
  if (contents.length === 0) throw deskError("BUNDLE_EMPTY", {});
  const date = signed ? (await deps.catalogue.current()).catalogue.updated : null;
  const about = { createdAt: deps.now(), madeWith: deps.version, settings: keys.length, catalogue: date };
  return { parts: { ...about, models, contents }, settings: keys, skipped };
}

function inMemory(from: Buffer, role: string): BundleContent {
  return { from, role, name: role, sizeBytes: from.length, sha256: createHash("sha256").update(from).digest("hex") };
}

async function collectModel(
  id: string,
  deps: CollectDeps,
  contents: BundleContent[],
  signal: AbortSignal | undefined,
): Promise<BundledModel> {
  const options = signal ? { signal } : {};
  const resolved = await deps.library.resolve(id, options);
  const { description } = resolved;
  const role = description.role === "embedding" ? "embedding-model" : "model";
  const add = async (path: string, as: { role: string; name: string; sha256: string | null }) => {
    const sha256 = as.sha256 ?? (await hashModelFile(path, options));
    contents.push({ from: path, role: as.role, name: as.name, sizeBytes: (await stat(path)).size, sha256 });
    return { name: as.name, sha256 };
  };
  const { files, origin } = await filesOf(resolved, deps.store, signal);
  const bundled: BundledModel = {
    ...{ name: description.name, role: description.role, licence: description.licence, ...origin },
    ...{ quantization: description.quantization, files: [], licences: [], adapters: [] },
  };
  for (const { path, sha256 } of files) {
    bundled.files.push(await add(path, { role, sha256, name: fileName(path, description.name) }));
  }
  for (const path of await licenceFiles(resolved, deps.licencesDir)) {
    bundled.licences.push(await add(path, { role: "licence", sha256: null, name: safeFileName(basename(path)) }));
  }
  if (resolved.builtIn) return bundled;
  for (const { kind, builtIn, problem, path, scale } of await deps.attachments.list(resolved.id)) {
    if (kind !== "adapter" || builtIn || problem !== null) continue;
    const added = await add(path, { role: "adapter", sha256: null, name: fileName(path, "adapter") });
    bundled.adapters.push({ ...added, scale });
  }
  return bundled;
}

/** A linked file of another program can be called anything. */
function fileName(path: string, otherwise: string): string {
  const name = safeFileName(basename(path));
  return /\.gguf$/i.test(name) ? name : safeFileName(`${otherwise}.gguf`);
}

type Origin = Pick<BundledModel, "repo" | "revision" | "source">;

async function filesOf(
  { id, path, manifest }: ResolvedModel,
  store: ModelStore,
  signal: AbortSignal | undefined,
): Promise<{ files: { path: string; sha256: string | null }[]; origin: Origin }> {
  if (manifest) {
    return { files: [{ path, sha256: manifest.sha256 }], origin: { repo: null, revision: null, source: "built-in" } };
  }
  const before = (await store.get(id)).current;
  // A linked file that nobody hashed yet: the store remembers what it is.
  const isKnown = before?.files.every(({ sha256 }) => sha256 !== null) ?? true;
  const current = isKnown ? before : (await store.verify(id, signal ? { signal } : {})).current;
  if (!current) throw deskError("MODEL_NOT_FOUND", { model: id, nearest: [] });
  const { repo, revision, source } = current;
  return {
    files: current.files.map(({ path: each, sha256 }) => ({ path: each, sha256 })),
    origin: { repo, revision, source },
  };
}

async function licenceFiles({ id, path, manifest }: ResolvedModel, licencesDir: string): Promise<string[]> {
  if (manifest) return manifest.licenceFile === null ? [] : [join(dirname(path), manifest.licenceFile)];
  const folder = join(licencesDir, id);
  const names = await readdir(folder).catch(() => []);
  return names.map((name) => join(folder, name));
}
