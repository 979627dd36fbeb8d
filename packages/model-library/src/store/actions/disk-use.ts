import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { trashRoot } from "../disk/layout.ts";
import { type StoreContext, unusable } from "../store-context.ts";
import type { FolderUse, StoreFolder } from "../store-types.ts";
import { bytesBelow } from "./trash.ts";

/** What each folder holds and what its disk has left. Bytes. */
export async function diskUseOf(context: StoreContext): Promise<FolderUse[]> {
  const records = await context.records();
  const uses: FolderUse[] = [];
  for (const folder of context.folders()) {
    const own = records.filter((record) => record.folder === folder.id).flatMap(({ sidecar }) => sidecar.files);
    const modelBytes = own.reduce((sum, file) => sum + (file.linkedPath === null ? file.sizeBytes : 0), 0);
    const trashBytes = await bytesBelow(trashRoot(folder.path));
    uses.push({ ...folder, modelBytes, trashBytes, ...(await spaceOf(folder, own.length === 0)) });
  }
  return uses;
}

/** A folder that holds nothing yet is made with its first model: until then its parent tells the room. */
async function spaceOf(
  folder: StoreFolder,
  isUnused: boolean,
): Promise<Pick<FolderUse, "freeBytes" | "totalBytes" | "problem">> {
  try {
    const info = await statfs(isUnused && !existsSync(folder.path) ? dirname(folder.path) : folder.path);
    return { freeBytes: info.bavail * info.bsize, totalBytes: info.blocks * info.bsize, problem: null };
  } catch (error) {
    return { freeBytes: null, totalBytes: null, problem: unusable(folder.path, error) };
  }
}
