import { stat } from "node:fs/promises";
import { basename, resolve as resolvePath } from "node:path";
import { deskError, type InstalledModel } from "@deskside/contract";
import { type LoadedManifest, loadManifests } from "../manifest/load-manifests.ts";
import { hashModelFile, type VerifyOptions } from "../manifest/verify-model-file.ts";
import { fingerprintOf, type HeaderCache } from "./header-cache.ts";
import type { ResolvedModel } from "./model-library.ts";

/** The part of the library that travels with the product: files a manifest speaks for. */
export interface ManifestModels {
  /** The preferred first. */
  read(): Promise<readonly LoadedManifest[]>;
  /** Throws what is wrong with it. */
  open(entry: LoadedManifest, signal: AbortSignal | undefined): Promise<ResolvedModel>;
  /** Hashes what was not hashed since it last changed. */
  verifyUnseen(options: VerifyOptions): Promise<void>;
}

export function createManifestModels(modelsDir: string, headers: HeaderCache): ManifestModels {
  /** Hashes by fingerprint of the file. */
  const hashes = new Map<string, string>();

  async function read(): Promise<readonly LoadedManifest[]> {
    const loaded = await loadManifests(modelsDir);
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

  return {
    read,
    open,
    async verifyUnseen(options) {
      for (const entry of await read()) await hashUnseen(entry, hashes, options);
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

/** A path to a file that a manifest speaks for is that model, links followed. */
export async function findByFile(loaded: readonly LoadedManifest[], path: string): Promise<LoadedManifest | undefined> {
  const asked = await stat(path);
  for (const entry of loaded) {
    if (!entry.manifest) continue;
    const own = await stat(resolvePath(entry.directory, entry.manifest.file)).catch(() => null);
    if (own && own.ino === asked.ino && own.dev === asked.dev) return entry;
  }
  return undefined;
}

export function installedFromManifest(entry: LoadedManifest, problem: InstalledModel["problem"]): InstalledModel {
  if (entry.manifest) {
    const { id, name, quantization, role, file, sizeBytes, languages, licence, contextSize, small } = entry.manifest;
    return {
      ...{ id, name, quantization, role, sizeBytes, languages, licence, contextSize, small },
      fileName: file,
      builtIn: true,
      problem,
    };
  }
  const name = basename(entry.directory);
  return {
    ...{ id: name, name, quantization: null, role: "chat", fileName: "", sizeBytes: 0, languages: [] },
    ...{ licence: "unknown", contextSize: 0, builtIn: true, small: false, problem },
  };
}
