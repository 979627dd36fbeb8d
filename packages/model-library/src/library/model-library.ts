import { stat } from "node:fs/promises";
import { basename, isAbsolute, resolve as resolvePath } from "node:path";
import { type DesksideError, isDesksideError } from "@deskside/base";
import { deskError, type InstalledModel } from "@deskside/contract";
import type { GgufHeader } from "../gguf/gguf-header.ts";
import { describeHeader, type ModelDescription } from "../manifest/describe-model-file.ts";
import { type LoadedManifest, loadManifests } from "../manifest/load-manifests.ts";
import type { ModelManifest } from "../manifest/manifest-schema.ts";
import { hashModelFile, type VerifyOptions } from "../manifest/verify-model-file.ts";
import { createHeaderCache, fingerprintOf } from "./header-cache.ts";
import { nearestIds } from "./nearest-ids.ts";

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
  /** Everything with a manifest, the preferred first; what cannot be used says why in `problem`. */
  list(options?: { signal?: AbortSignal }): Promise<InstalledModel[]>;
  /**
   * A model by its id, or any GGUF file by its path. Throws MODEL_NOT_FOUND (with ids that look alike),
   * MODEL_FILE_MISSING, MANIFEST_INVALID, HASH_MISMATCH or what `readGgufHeader` throws.
   */
  resolve(idOrPath: string, options?: { signal?: AbortSignal }): Promise<ResolvedModel>;
  /** Manifests that are usable, the preferred first. */
  manifests(): Promise<readonly ModelManifest[]>;
  /**
   * Hashes every file with a manifest that was not hashed since it last changed. Takes seconds: never before the first
   * answer. What it finds shows in `list` and `resolve` from then on.
   */
  verifyFiles(options?: VerifyOptions): Promise<void>;
}

export function createModelLibrary(options: { modelsDir: string }): ModelLibrary {
  const headers = createHeaderCache();
  /** Hashes by fingerprint of the file. */
  const hashes = new Map<string, string>();

  async function read(): Promise<readonly LoadedManifest[]> {
    const loaded = await loadManifests(options.modelsDir);
    return [...loaded].sort((a, b) => (b.manifest?.preference ?? -1) - (a.manifest?.preference ?? -1));
  }

  async function open(entry: LoadedManifest, signal: AbortSignal | undefined): Promise<ResolvedModel> {
    if (entry.problem) throw entry.problem;
    const { manifest } = entry;
    const path = resolvePath(entry.directory, manifest.file);
    const fingerprint = await fingerprintOf(path);
    if (!fingerprint) throw deskError("MODEL_FILE_MISSING", { model: manifest.id, path });
    const header = await headers.read(path, fingerprint, signal ? { signal } : {});
    // A header that is in order with another size: not the file that was vouched for. Its hash says so.
    const isOtherFile = fingerprint.sizeBytes !== manifest.sizeBytes && !hashes.has(fingerprint.key);
    if (isOtherFile) hashes.set(fingerprint.key, await hashModelFile(path, signal ? { signal } : {}));
    const actual = hashes.get(fingerprint.key);
    if (actual !== undefined && actual !== manifest.sha256) {
      throw deskError("HASH_MISMATCH", { path, expected: manifest.sha256, actual });
    }
    return { id: manifest.id, path, description: manifest, manifest, header, builtIn: true };
  }

  async function openFile(
    path: string,
    loaded: readonly LoadedManifest[],
    signal: AbortSignal | undefined,
  ): Promise<ResolvedModel> {
    const fingerprint = await fingerprintOf(path);
    if (!fingerprint) throw deskError("MODEL_FILE_MISSING", { model: basename(path), path });
    const own = await findByFile(loaded, path);
    if (own) return open(own, signal);
    const header = await headers.read(path, fingerprint, signal ? { signal } : {});
    return { id: path, path, description: describeHeader(header), manifest: null, header, builtIn: false };
  }

  return {
    async list({ signal } = {}) {
      const models: InstalledModel[] = [];
      for (const entry of await read()) {
        models.push(installed(entry, await problemOf(() => open(entry, signal))));
      }
      return models;
    },
    async resolve(idOrPath, { signal } = {}) {
      const loaded = await read();
      const entry = loaded.find(({ manifest }) => manifest?.id === idOrPath);
      if (entry) return open(entry, signal);
      const damaged = loaded.find(({ manifest, directory }) => !manifest && basename(directory) === idOrPath);
      if (damaged) return open(damaged, signal);
      if (looksLikePath(idOrPath)) return openFile(resolvePath(idOrPath), loaded, signal);
      const ids = loaded.flatMap(({ manifest }) => (manifest ? [manifest.id] : []));
      throw deskError("MODEL_NOT_FOUND", { model: idOrPath, nearest: nearestIds(idOrPath, ids) });
    },
    async manifests() {
      return (await read()).flatMap(({ manifest }) => (manifest ? [manifest] : []));
    },
    async verifyFiles(verify = {}) {
      for (const entry of await read()) await hashUnseen(entry, hashes, verify);
    },
  };
}

async function hashUnseen(entry: LoadedManifest, hashes: Map<string, string>, verify: VerifyOptions): Promise<void> {
  if (!entry.manifest) return;
  const path = resolvePath(entry.directory, entry.manifest.file);
  const fingerprint = await fingerprintOf(path);
  if (!fingerprint || hashes.has(fingerprint.key)) return;
  hashes.set(fingerprint.key, await hashModelFile(path, verify));
}

function looksLikePath(text: string): boolean {
  return isAbsolute(text) || /[/\\]/.test(text) || text.toLowerCase().endsWith(".gguf");
}

/** A path to a file that a manifest speaks for is that model, links followed. */
async function findByFile(loaded: readonly LoadedManifest[], path: string): Promise<LoadedManifest | undefined> {
  const asked = await stat(path);
  for (const entry of loaded) {
    if (!entry.manifest) continue;
    const own = await stat(resolvePath(entry.directory, entry.manifest.file)).catch(() => null);
    if (own && own.ino === asked.ino && own.dev === asked.dev) return entry;
  }
  return undefined;
}

async function problemOf(open: () => Promise<unknown>): Promise<DesksideError | null> {
  try {
    await open();
    return null;
  } catch (error) {
    if (isDesksideError(error)) return error;
    throw error;
  }
}

function installed(entry: LoadedManifest, problem: DesksideError | null): InstalledModel {
  const data = problem?.toData() ?? null;
  const errorData = data && { ...data, data: { ...data.data } };
  if (entry.manifest) {
    const { id, name, quantization, role, file, sizeBytes, languages, licence, contextSize, small } = entry.manifest;
    return {
      ...{ id, name, quantization, role, sizeBytes, languages, licence, contextSize, small },
      fileName: file,
      builtIn: true,
      problem: errorData,
    };
  }
  const name = basename(entry.directory);
  return {
    ...{ id: name, name, quantization: null, role: "chat", fileName: "", sizeBytes: 0, languages: [] },
    ...{ licence: "unknown", contextSize: 0, builtIn: true, small: false, problem: errorData },
  };
}
