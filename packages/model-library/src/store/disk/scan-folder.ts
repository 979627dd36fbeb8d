import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { DesksideError } from "@deskside/base";
import { deskError } from "@deskside/contract";
import {
  modelIdPattern,
  mostSidecarBytes,
  type Sidecar,
  type StoredFile,
  sidecarSchema,
  versionKeyPattern,
} from "../store-schemas.ts";
import type { StoreFolder } from "../store-types.ts";
import { stampOf } from "./file-stamp.ts";
import { sidecarEnding } from "./layout.ts";
import { readBounded } from "./read-bounded.ts";
import { hasCode } from "./store-disk.ts";

/** More is not listed: a folder with that many is not ours. */
const mostEntries = 5000;

export interface ScannedVersion {
  readonly folder: StoreFolder;
  readonly directory: string;
  readonly id: string;
  readonly version: string;
  /** Null when it is missing or unreadable. */
  readonly sidecar: Sidecar | null;
}

export interface FolderScan {
  readonly isReachable: boolean;
  readonly versions: readonly ScannedVersion[];
  readonly problems: readonly DesksideError[];
}

/** Everything of the shape `<model>/<version>/`. Links to other places are not followed. */
export async function scanFolder(folder: StoreFolder): Promise<FolderScan> {
  const versions: ScannedVersion[] = [];
  const problems: DesksideError[] = [];
  const models = await foldersIn(folder.path, modelIdPattern, problems);
  if (models === null) return { isReachable: false, versions, problems };
  for (const id of models) {
    for (const version of (await foldersIn(join(folder.path, id), versionKeyPattern, problems)) ?? []) {
      const directory = join(folder.path, id, version);
      const sidecar = await readSidecar(directory);
      const isOwn = sidecar?.id === id && sidecar.version === version;
      versions.push({ folder, directory, id, version, sidecar: isOwn ? sidecar : null });
    }
  }
  return { isReachable: true, versions, problems };
}

/** Null when the folder cannot be read; why goes to `problems`, unless it is just not there. */
async function foldersIn(path: string, names: RegExp, problems: DesksideError[]): Promise<string[] | null> {
  const entries = await entriesOf(path, problems);
  if (entries === null) return null;
  return entries
    .filter((entry) => entry.isDirectory() && names.test(entry.name))
    .map(({ name }) => name)
    .sort()
    .slice(0, mostEntries);
}

async function entriesOf(path: string, problems: DesksideError[]): Promise<Dirent[] | null> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (!hasCode(error, "ENOENT")) {
      problems.push(deskError("MODEL_FOLDER_UNUSABLE", { path, detail: String(error) }, { cause: error }));
    }
    return null;
  }
}

/** The first valid sidecar in a folder; null when there is none. */
export async function readSidecar(directory: string): Promise<Sidecar | null> {
  const entries = (await entriesOf(directory, [])) ?? [];
  const names = entries.filter((entry) => entry.isFile() && entry.name.endsWith(sidecarEnding));
  for (const { name } of names.slice(0, 10)) {
    try {
      return sidecarSchema.parse(JSON.parse(await readBounded(join(directory, name), mostSidecarBytes)));
    } catch {
      // Damaged, and another may be whole; without any the caller rebuilds it.
    }
  }
  return null;
}

/** A sidecar for files that lost theirs: what can be read off the disk. Null when there is no model in the folder. */
export async function rebuildSidecar(scanned: ScannedVersion): Promise<Sidecar | null> {
  const entries = (await entriesOf(scanned.directory, [])) ?? [];
  const names = entries.filter((entry) => entry.isFile() && /\.gguf$/i.test(entry.name)).map(({ name }) => name);
  const files: StoredFile[] = [];
  for (const name of names.sort().slice(0, 1000)) {
    const stamp = await stampOf(join(scanned.directory, name));
    // No stamp: nobody vouches for the content, so that it is hashed when there is time.
    if (stamp) files.push({ name, sizeBytes: stamp.sizeBytes, sha256: null, linkedPath: null, stamp: null });
  }
  if (files.length === 0) return null;
  const addedAt = Math.round((await stat(scanned.directory)).mtimeMs);
  return {
    ...{ schemaVersion: 1, id: scanned.id, version: scanned.version, name: scanned.id, repo: null, revision: null },
    ...{ source: "import", licence: null, quantization: null, addedAt, activatedAt: addedAt, pinned: false },
    ...{ files, broughtFrom: null },
  };
}
