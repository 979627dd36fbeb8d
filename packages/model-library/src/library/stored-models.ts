import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { type DesksideError, isDesksideError } from "@deskside/base";
import { deskError, type InstalledModel } from "@deskside/contract";
import { describeHeader, type ModelDescription } from "../manifest/describe-model-file.ts";
import type { VerifyOptions } from "../manifest/verify-model-file.ts";
import type { ModelStore, StoredModel, StoredVersion } from "../store/store-types.ts";
import { fingerprintOf, type HeaderCache } from "./header-cache.ts";
import type { ResolvedModel } from "./model-library.ts";

/** A model of the store that has a version in use. */
export type UsableModel = StoredModel & { readonly current: StoredVersion };

/** The store's part of the library: the version in use of each model, as everybody else sees a model. */
export interface StoredModels {
  list(): Promise<readonly UsableModel[]>;
  /** Throws what is wrong with it. */
  open(model: UsableModel, signal: AbortSignal | undefined): Promise<ResolvedModel>;
  /** The model a file belongs to, links followed. */
  findByFile(path: string): Promise<UsableModel | undefined>;
  verifyChanged(options: VerifyOptions): Promise<void>;
}

export function createStoredModels(store: ModelStore, headers: HeaderCache): StoredModels {
  /** Files that were hashed and found wrong, by fingerprint. */
  const wrong = new Map<string, DesksideError>();

  async function list(): Promise<readonly UsableModel[]> {
    return (await store.list()).filter((model): model is UsableModel => model.current !== null);
  }

  async function wrongPart({ current }: UsableModel): Promise<DesksideError | undefined> {
    if (wrong.size === 0) return undefined;
    for (const path of current.paths) {
      const fingerprint = await fingerprintOf(path);
      const found = fingerprint && wrong.get(fingerprint.key);
      if (found) return found;
    }
    return undefined;
  }

  return {
    list,
    async open(model, signal) {
      const problem = (await store.problemOf(model.id)) ?? (await wrongPart(model));
      if (problem) throw problem;
      const path = model.current.paths[0] ?? "";
      const fingerprint = await fingerprintOf(path);
      if (!fingerprint) throw deskError("MODEL_FILE_MISSING", { model: model.id, path });
      const header = await headers.read(path, fingerprint, signal ? { signal } : {});
      const description = describeStored(model, describeHeader(header));
      return { id: model.id, path, description, manifest: null, header, builtIn: false };
    },
    async findByFile(path) {
      const asked = await stat(path);
      for (const model of await list()) {
        const own = await stat(model.current.paths[0] ?? "").catch(() => null);
        if (own && own.ino === asked.ino && own.dev === asked.dev) return model;
      }
      return undefined;
    },
    async verifyChanged(options) {
      for (const model of await list()) {
        try {
          if (!(await wrongPart(model))) await store.verify(model.id, { ...options, onlyChanged: true });
        } catch (error) {
          // What is gone or cut shows in the list without hashing; only a wrong content has to be remembered.
          if (!isDesksideError(error)) throw error;
          const fingerprint = error.code === "HASH_MISMATCH" ? await fingerprintOf(String(error.data.path)) : null;
          if (fingerprint) wrong.set(fingerprint.key, error);
        }
      }
    },
  };
}

function describeStored(model: UsableModel, own: ModelDescription): ModelDescription {
  return {
    ...own,
    ...{ id: model.id, name: model.name, sha256: model.current.sha256, sizeBytes: model.current.sizeBytes },
    quantization: model.quantization ?? own.quantization,
    licence: model.licence ?? own.licence,
  };
}

/** `resolved` is null for a model with a problem: then only what the store knows can be said. */
export function installedFromStore(
  model: UsableModel,
  resolved: ResolvedModel | null,
  problem: InstalledModel["problem"],
): InstalledModel {
  const description = resolved?.description;
  return {
    ...{ id: model.id, name: model.name, fileName: basename(model.current.paths[0] ?? "") },
    ...{ sizeBytes: model.current.sizeBytes, languages: [...(description?.languages ?? [])], builtIn: false, problem },
    quantization: description?.quantization ?? model.quantization,
    role: description?.role ?? "chat",
    licence: description?.licence ?? model.licence ?? "unknown",
    contextSize: description?.contextSize ?? 0,
    small: description?.small ?? false,
  };
}
