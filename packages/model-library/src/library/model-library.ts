import { basename, isAbsolute, resolve as resolvePath } from "node:path";
import { type DesksideError, isDesksideError } from "@deskside/base";
import { deskError, type InstalledModel } from "@deskside/contract";
import type { GgufHeader } from "../gguf/gguf-header.ts";
import { describeHeader, type ModelDescription } from "../manifest/describe-model-file.ts";
import type { LoadedManifest } from "../manifest/load-manifests.ts";
import type { ModelManifest } from "../manifest/manifest-schema.ts";
import type { VerifyOptions } from "../manifest/verify-model-file.ts";
import type { ModelStore } from "../store/store-types.ts";
import { createHeaderCache, fingerprintOf } from "./header-cache.ts";
import { createManifestModels, findByFile, installedFromManifest } from "./manifest-models.ts";
import { nearestIds } from "./nearest-ids.ts";
import { createStoredModels, installedFromStore } from "./stored-models.ts";

/** A model that can be loaded: known, there, and with a checked header. */
export interface ResolvedModel {
  readonly id: string;
  /** Absolute. */
  readonly path: string;
  readonly description: ModelDescription;
  /** Null for a file that came without one. */
  readonly manifest: ModelManifest | null;
  readonly header: GgufHeader;
  readonly builtIn: boolean;
}

export interface ModelLibrary {
  /**
   * Everything with a manifest, the preferred first, then the models of the store by id; what cannot be used says why
   * in `problem`.
   */
  list(options?: { signal?: AbortSignal }): Promise<InstalledModel[]>;
  /**
   * A model by its id, or any GGUF file by its path. Throws MODEL_NOT_FOUND (with ids that look alike),
   * MODEL_FILE_MISSING, MODEL_FILE_CHANGED, MANIFEST_INVALID, HASH_MISMATCH or what `readGgufHeader` throws.
   */
  resolve(idOrPath: string, options?: { signal?: AbortSignal }): Promise<ResolvedModel>;
  /** Manifests that are usable, the preferred first. */
  manifests(): Promise<readonly ModelManifest[]>;
  /**
   * Hashes every file with a manifest or in the store that was not hashed since it last changed. Takes seconds: never
   * before the first answer. What it finds shows in `list` and `resolve` from then on.
   */
  verifyFiles(options?: VerifyOptions): Promise<void>;
}

export function createModelLibrary(options: { modelsDir: string; store?: ModelStore }): ModelLibrary {
  const headers = createHeaderCache();
  const { read, open, verifyUnseen } = createManifestModels(options.modelsDir, headers);
  const stored = options.store ? createStoredModels(options.store, headers) : null;
  async function openFile(
    path: string,
    loaded: readonly LoadedManifest[],
    signal: AbortSignal | undefined,
  ): Promise<ResolvedModel> {
    const fingerprint = await fingerprintOf(path);
    if (!fingerprint) throw deskError("MODEL_FILE_MISSING", { model: basename(path), path });
    const own = await findByFile(loaded, path);
    if (own) return open(own, signal);
    const kept = await stored?.findByFile(path);
    if (kept && stored) return stored.open(kept, signal);
    const header = await headers.read(path, fingerprint, signal ? { signal } : {});
    return { id: path, path, description: describeHeader(header), manifest: null, header, builtIn: false };
  }

  async function listStored(signal: AbortSignal | undefined, taken: ReadonlySet<string>): Promise<InstalledModel[]> {
    const models: InstalledModel[] = [];
    for (const model of (await stored?.list()) ?? []) {
      // The product's own models come first, also where a file is named like one of them.
      if (!stored || taken.has(model.id)) continue;
      const opened = await attempt(() => stored.open(model, signal));
      models.push(installedFromStore(model, opened.value, dataOf(opened.problem)));
    }
    return models;
  }

  return {
    async list({ signal } = {}) {
      const models: InstalledModel[] = [];
      for (const entry of await read()) {
        models.push(installedFromManifest(entry, dataOf((await attempt(() => open(entry, signal))).problem)));
      }
      return [...models, ...(await listStored(signal, new Set(models.map(({ id }) => id))))];
    },
    async resolve(idOrPath, { signal } = {}) {
      const loaded = await read();
      const entry = loaded.find(({ manifest }) => manifest?.id === idOrPath);
      if (entry) return open(entry, signal);
      const damaged = loaded.find(({ manifest, directory }) => !manifest && basename(directory) === idOrPath);
      if (damaged) return open(damaged, signal);
      const models = (await stored?.list()) ?? [];
      const model = models.find(({ id }) => id === idOrPath);
      if (model && stored) return stored.open(model, signal);
      if (looksLikePath(idOrPath)) return openFile(resolvePath(idOrPath), loaded, signal);
      const ids = [...loaded.flatMap(({ manifest }) => (manifest ? [manifest.id] : [])), ...models.map(({ id }) => id)];
      throw deskError("MODEL_NOT_FOUND", { model: idOrPath, nearest: nearestIds(idOrPath, ids) });
    },
    async manifests() {
      return (await read()).flatMap(({ manifest }) => (manifest ? [manifest] : []));
    },
    async verifyFiles(verify = {}) {
      await verifyUnseen(verify);
      await stored?.verifyChanged(verify);
    },
  };
}

function looksLikePath(text: string): boolean {
  return isAbsolute(text) || /[/\\]/.test(text) || text.toLowerCase().endsWith(".gguf");
}

type Attempt<T> =
  | { readonly value: T; readonly problem: null }
  | { readonly value: null; readonly problem: DesksideError };

async function attempt<T>(open: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await open(), problem: null };
  } catch (error) {
    if (isDesksideError(error)) return { value: null, problem: error };
    throw error;
  }
}

function dataOf(problem: DesksideError | null): InstalledModel["problem"] {
  const data = problem?.toData() ?? null;
  return data && { ...data, data: { ...data.data } };
}
