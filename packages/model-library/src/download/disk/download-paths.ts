import { lstat, mkdir, open, rename, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { deskError } from "@deskside/contract";
import type { DownloadRequest } from "../download-types.ts";
import { diskError, fsCode, syncFolder } from "./disk-errors.ts";
import { safeJoin } from "./safe-path.ts";

/** Names that no list of models looks into. */
const workFolder = ".downloads";
const quarantineFolder = ".quarantine";

export const partPathOf = ({ targetFolder, id }: DownloadRequest, index: number) =>
  join(targetFolder, workFolder, id, `${index}.part`);

export const quarantinePathOf = ({ targetFolder, id }: DownloadRequest, index: number) =>
  join(targetFolder, quarantineFolder, `${id}-${index}.bad`);

export const targetPathOf = ({ targetFolder, files }: DownloadRequest, index: number) =>
  safeJoin(targetFolder, files[index]?.path ?? "");

/** Size of the regular file there; null when there is nothing. Throws MODEL_FOLDER_UNUSABLE when it is something else. */
export async function sizeOfFile(path: string): Promise<number | null> {
  try {
    const info = await lstat(path);
    if (info.isFile()) return info.size;
  } catch (error) {
    if (fsCode(error) === "ENOENT") return null;
    throw diskError(path, error);
  }
  throw deskError("MODEL_FOLDER_UNUSABLE", { path, detail: "something that is no regular file has this name" });
}

/**
 * Gives a verified file its name: its bytes are on the disk first, then the name, then the name is on the disk. A file
 * that is there already is not replaced, unless it is the one of an earlier try that was cut between two renames.
 */
export async function publishFile(from: string, to: string, sizeBytes: number): Promise<void> {
  const fromSize = await sizeOfFile(from);
  const toSize = await sizeOfFile(to);
  if (fromSize === null && toSize === sizeBytes) return;
  if (toSize !== null) {
    throw deskError("MODEL_FOLDER_UNUSABLE", { path: to, detail: "another file of this name is there" });
  }
  try {
    await mkdir(dirname(to), { recursive: true });
    const handle = await open(from, "r+");
    try {
      // Longer when an earlier try expected more.
      await handle.truncate(sizeBytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(from, to);
    await syncFolder(dirname(to));
  } catch (error) {
    throw diskError(to, error);
  }
}

/** Puts a wrong file aside. The last one of its kind is kept, for whoever wants to look. */
export async function quarantineFile(from: string, to: string): Promise<void> {
  try {
    await mkdir(dirname(to), { recursive: true });
    await rename(from, to);
  } catch (error) {
    throw diskError(to, error);
  }
}

/** Takes away what a download left beside its models. */
export async function removeLeftovers(request: DownloadRequest, options: { quarantine: boolean }): Promise<void> {
  const { targetFolder, id, files } = request;
  try {
    await rm(join(targetFolder, workFolder, id), { recursive: true, force: true });
    if (options.quarantine) {
      for (const index of files.keys()) await rm(quarantinePathOf(request, index), { force: true });
    }
    for (const name of [workFolder, quarantineFolder]) await removeEmpty(join(targetFolder, name));
  } catch (error) {
    throw diskError(targetFolder, error);
  }
}

async function removeEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    if (!["ENOENT", "ENOTEMPTY", "EEXIST"].includes(fsCode(error) ?? "")) throw error;
  }
}
