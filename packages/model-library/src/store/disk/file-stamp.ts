import { lstat, stat } from "node:fs/promises";
import { deskError } from "@deskside/contract";
import type { FileStamp, StoredFile } from "../store-schemas.ts";
import { hasCode } from "./store-disk.ts";

/** Null when there is no regular file. Throws MODEL_NOT_READABLE when that cannot be found out. */
export async function stampOf(path: string): Promise<FileStamp | null> {
  try {
    const info = await stat(path);
    return info.isFile() ? { sizeBytes: info.size, mtimeMs: info.mtimeMs, inode: info.ino } : null;
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR", "ELOOP")) return null;
    throw deskError("MODEL_NOT_READABLE", { path, detail: String(error) }, { cause: error });
  }
}

export function isSameStamp(a: FileStamp | null, b: FileStamp | null): boolean {
  return a !== null && b !== null && a.sizeBytes === b.sizeBytes && a.mtimeMs === b.mtimeMs && a.inode === b.inode;
}

/** Whether every file is just what it was when its content was last known. */
export async function isUntouched(paths: readonly string[], files: readonly StoredFile[]): Promise<boolean> {
  for (const [index, file] of files.entries()) {
    if (!isSameStamp(file.stamp, await stampOf(paths[index] ?? ""))) return false;
  }
  return true;
}

/** Whether every file of a version lies in `directory` with the size it must have. Links to elsewhere do not count. */
export async function isComplete(directory: string, files: readonly StoredFile[], separator: string): Promise<boolean> {
  for (const file of files) {
    if (file.linkedPath !== null) continue;
    const info = await lstat(`${directory}${separator}${file.name}`).catch(() => null);
    if (!info?.isFile() || info.size !== file.sizeBytes) return false;
  }
  return true;
}
