import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, stat, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { EngineBinaryProgress } from "@deskside/contract";
import { deskError } from "@deskside/contract";
import { mapDiskError } from "../folder/disk-errors.ts";
import type { EnginesFolder } from "../folder/engines-folder.ts";
import { lockPackage } from "../folder/folder-lock.ts";
import { readPackageState } from "../folder/package-state.ts";
import type { BinaryPackage } from "../package-table.ts";
import { type DownloadOptions, downloadTarball } from "./download-tarball.ts";
import { type FetchTarball, tarballUrl } from "./fetch-tarball.ts";
import { unpackTarball } from "./unpack-tarball.ts";

export interface InstallOptions {
  readonly folder: EnginesFolder;
  readonly registry: string;
  readonly fetchTarball: FetchTarball;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: EngineBinaryProgress) => void;
  readonly retryAfterMs?: readonly number[];
  readonly openFile?: DownloadOptions["openFile"];
  /** Free bytes for this user where the folder is; default: as the system says. */
  readonly freeBytes?: (path: string) => Promise<number | null>;
}

/** Left to others on the disk. */
const sparedBytes = 256 * 2 ** 20;

/**
 * Brings packages into the folder, one after another: download, hash, unpack beside, move into place. A package that is
 * complete is left alone, a damaged one is replaced. Progress counts the archives of all of them. Throws what
 * `downloadTarball` and `unpackTarball` throw, ENGINE_BINARY_NO_SPACE and ENGINE_BINARY_BUSY.
 */
export async function installPackages(wanted: readonly BinaryPackage[], options: InstallOptions): Promise<void> {
  const { folder } = options;
  await makeFolder(folder.downloads);
  await removeLeftovers(folder.downloads);
  const missing: BinaryPackage[] = [];
  for (const one of wanted) {
    const state = await readPackageState(folder.packageFolder(one.name), one, { deep: true, signal: options.signal });
    if (state !== "complete") missing.push(one);
  }
  await checkSpace(missing, options);
  const totalBytes = missing.reduce((sum, one) => sum + one.downloadBytes, 0);
  let doneBytes = 0;
  for (const one of missing) {
    await installPackage(one, options, (stage, received) =>
      options.onProgress({ stage, package: one.name, receivedBytes: doneBytes + received, totalBytes }),
    );
    doneBytes += one.downloadBytes;
  }
}

async function installPackage(
  wanted: BinaryPackage,
  options: InstallOptions,
  onProgress: (stage: EngineBinaryProgress["stage"], receivedBytes: number) => void,
): Promise<void> {
  const { folder, signal } = options;
  const archive = join(folder.downloads, `${wanted.name}-${wanted.version}.tgz`);
  const place = folder.packageFolder(wanted.name);
  await using _lock = await lockPackage(`${archive}.lock`, wanted.name);
  // Somebody else may have brought it while this waited for its turn.
  if ((await readPackageState(place, wanted, { deep: true, signal })) === "complete") return;
  onProgress("download", 0);
  await downloadTarball({
    ...{ wanted, partial: archive, signal, fetchTarball: options.fetchTarball },
    url: tarballUrl(options.registry, wanted.name, wanted.version),
    onProgress: (received) => onProgress("download", received),
    ...(options.retryAfterMs ? { retryAfterMs: options.retryAfterMs } : {}),
    ...(options.openFile ? { openFile: options.openFile } : {}),
  });
  onProgress("unpack", wanted.downloadBytes);
  await removeUnpacked(folder.downloads, wanted.name);
  const staging = join(folder.downloads, `unpacking-${wanted.name}-${randomUUID()}`);
  try {
    await unpackTarball(archive, staging, wanted, signal);
    await moveIntoPlace(staging, place, folder);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  await rm(archive, { force: true });
}

/** A damaged package is moved away first: on Windows a library in use can be renamed but not replaced. */
async function moveIntoPlace(staging: string, place: string, folder: EnginesFolder): Promise<void> {
  const old = join(folder.downloads, `removed-${randomUUID()}`);
  try {
    await mkdir(dirname(place), { recursive: true });
    await rename(place, old).catch((error: unknown) => {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    });
    await rename(staging, place);
  } catch (error) {
    throw mapDiskError(error, place);
  }
  // What is still in use there goes with a later fetch.
  await rm(old, { recursive: true, force: true }).catch(() => undefined);
}

/** Of a process that ended while it unpacked: nobody else does, whoever calls this holds the lock. */
async function removeUnpacked(downloads: string, name: string): Promise<void> {
  const own = new RegExp(`^unpacking-${name}-[0-9a-f]{8}-[0-9a-f-]{27}$`);
  for (const left of await readdir(downloads))
    if (own.test(left)) await rm(join(downloads, left), { recursive: true, force: true });
}

const leftOverAfterMs = 24 * 3_600_000;

/** Folders that an ended process was unpacking, and replaced packages that were still in use then. */
async function removeLeftovers(downloads: string): Promise<void> {
  for (const name of await readdir(downloads)) {
    if (!/^(?:unpacking|removed)-/.test(name)) continue;
    const path = join(downloads, name);
    const found = await stat(path).catch(() => null);
    if (found === null || Date.now() - found.mtimeMs < leftOverAfterMs) continue;
    // Still in use: the next fetch tries again.
    await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function checkSpace(missing: readonly BinaryPackage[], options: InstallOptions): Promise<void> {
  if (missing.length === 0) return;
  const path = options.folder.downloads;
  let neededBytes = sparedBytes + missing.reduce((sum, one) => sum + one.unpackedBytes, 0);
  // Archives are deleted one by one; the largest has to lie beside what it is unpacked to.
  neededBytes += Math.max(...missing.map((one) => one.downloadBytes));
  const freeBytes = await (options.freeBytes ?? freeBytesAt)(path);
  if (freeBytes !== null && freeBytes < neededBytes)
    throw deskError("ENGINE_BINARY_NO_SPACE", { path, neededBytes, freeBytes });
}

/** Of the nearest folder that exists; null when the system does not say. */
export async function freeBytesAt(path: string): Promise<number | null> {
  let existing = path;
  while (!(await exists(existing)) && dirname(existing) !== existing) existing = dirname(existing);
  return await statfs(existing).then(
    (found) => found.bavail * found.bsize,
    () => null,
  );
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw mapDiskError(error, path);
  }
}
