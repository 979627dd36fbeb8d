import { randomBytes } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import type { Sidecar } from "../store-schemas.ts";
import { isComplete, isSameStamp, stampOf } from "./file-stamp.ts";
import { doomedRoot, sidecarPath, stagingRoot, versionFolder } from "./layout.ts";
import { readSidecar } from "./scan-folder.ts";
import type { StoreDisk } from "./store-disk.ts";
import { isAlive } from "./store-lock.ts";

/** After this long a half-done step belongs to nobody, even if a process with that number runs. */
const abandonedAfterMs = 24 * 60 * 60 * 1000;

/** A new empty folder of this process; what is left in it after a crash is looked after by `recoverStaging`. */
export async function makeStaging(disk: StoreDisk, root: string): Promise<string> {
  // A drive that is not plugged in must not turn into a folder on the disk it would be mounted on.
  await stat(dirname(root));
  const path = join(stagingRoot(root), `${process.pid}-${randomBytes(6).toString("hex")}`);
  await disk.makeFolder(path);
  return path;
}

export async function writeSidecar(disk: StoreDisk, directory: string, sidecar: Sidecar): Promise<void> {
  await disk.writeFile(sidecarPath(directory, sidecar), `${JSON.stringify(sidecar, null, 1)}\n`);
}

/** Makes a complete staging folder a version of its model: one rename. What was in its place goes away for good. */
export async function publish(disk: StoreDisk, staging: string, root: string, sidecar: Sidecar): Promise<void> {
  const final = versionFolder(root, sidecar);
  await disk.syncFolder(staging);
  await disk.makeFolder(dirname(final));
  const old = (await isThere(final)) ? await bury(disk, root, final) : null;
  try {
    await disk.rename(staging, final);
  } catch (error) {
    if (old !== null) await disk.rename(old, final);
    throw error;
  }
  await disk.syncFolder(dirname(final));
  if (old !== null) await disk.remove(old);
}

/** Out of sight with one rename, then deleted; a crash in between is finished by `emptyDoomed`. */
export async function doom(disk: StoreDisk, root: string, path: string): Promise<void> {
  await disk.remove(await bury(disk, root, path));
}

async function bury(disk: StoreDisk, root: string, path: string): Promise<string> {
  const grave = join(doomedRoot(root), randomBytes(8).toString("hex"));
  await disk.makeFolder(doomedRoot(root));
  await disk.rename(path, grave);
  return grave;
}

export async function emptyDoomed(disk: StoreDisk, root: string): Promise<void> {
  for (const name of await namesIn(doomedRoot(root))) await disk.remove(join(doomedRoot(root), name));
}

/** Puts files back where an adoption that did not get through took them from. */
export async function giveBack(disk: StoreDisk, staging: string, sidecar: Sidecar): Promise<void> {
  for (const [index, file] of sidecar.files.entries()) {
    const from = sidecar.broughtFrom?.[index];
    const here = join(staging, file.name);
    if (from === undefined || file.linkedPath !== null || !(await isThere(here)) || (await isThere(from))) continue;
    await disk.makeFolder(dirname(from));
    await disk.rename(here, from);
  }
  await disk.remove(staging);
}

/** Files whose bytes now have a name in the store lose the one they came under. */
export async function dropSources(disk: StoreDisk, directory: string, sidecar: Sidecar): Promise<void> {
  for (const [index, file] of sidecar.files.entries()) {
    const from = sidecar.broughtFrom?.[index];
    if (from === undefined) continue;
    const [source, own] = [await stampOf(from), await stampOf(join(directory, file.name))];
    if (!source || !own || source.sizeBytes !== own.sizeBytes) continue;
    // Anything else under that name meanwhile is not ours to delete. A copy from another disk has another inode.
    if (source.inode === own.inode || isSameStamp(source, file.stamp)) await disk.remove(from);
  }
}

/** Completes or undoes what died in the middle. */
export async function recoverStaging(
  disk: StoreDisk,
  root: string,
  now: number,
): Promise<{ completed: number; rolledBack: number }> {
  let completed = 0;
  let rolledBack = 0;
  for (const name of await namesIn(stagingRoot(root))) {
    const path = join(stagingRoot(root), name);
    if (await isBusy(path, name, now)) continue;
    const sidecar = await readSidecar(path);
    if (sidecar === null) {
      await disk.remove(path);
    } else if (await isComplete(path, sidecar.files, sep)) {
      await publish(disk, path, root, sidecar);
      completed++;
    } else {
      await giveBack(disk, path, sidecar);
      rolledBack++;
    }
  }
  return { completed, rolledBack };
}

async function isBusy(path: string, name: string, now: number): Promise<boolean> {
  const pid = Number(name.split("-")[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0 || !isAlive(pid)) return false;
  const info = await stat(path).catch(() => null);
  return info !== null && now - info.mtimeMs < abandonedAfterMs;
}

async function namesIn(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch {
    // Not there yet, or not readable, which the scan of the folder reports.
    return [];
  }
}

export async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}
