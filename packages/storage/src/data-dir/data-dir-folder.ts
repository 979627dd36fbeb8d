import { accessSync, constants, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { deskError } from "@deskside/contract";
import { mapFailure } from "../driver/driver-errors.ts";

/**
 * Makes sure that the folder is there (created with mode 0700) and says whether it can be written.
 * The mode of a folder that was there before is left alone: it may be shared with other things.
 * Throws DATA_DIR_UNUSABLE.
 */
export function prepareDataDir(path: string): { writable: boolean } {
  try {
    makeFolder(path);
  } catch (cause) {
    if (!isFolder(path)) throw unusable(path, cause);
  }
  if (!isFolder(path)) {
    throw deskError("DATA_DIR_UNUSABLE", { path, reason: "not-a-folder", detail: "a file has this name" });
  }
  try {
    accessSync(path, constants.R_OK | constants.X_OK);
  } catch (cause) {
    throw unusable(path, cause);
  }
  return { writable: isWritable(path) };
}

/** Not `recursive`: that reports a read-only disk as a missing folder. */
function makeFolder(path: string): void {
  if (isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have made it in between.
    if (!isFolder(path)) throw error;
  }
}

export function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    // Any reason makes it unwritable.
    return false;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function unusable(path: string, cause: unknown): unknown {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (code === "EEXIST") {
    return deskError("DATA_DIR_UNUSABLE", { path, reason: "not-a-folder", detail: code }, { cause });
  }
  const { error } = mapFailure(cause, path);
  if (error !== cause) return error;
  return deskError("DATA_DIR_UNUSABLE", { path, reason: "other", detail: code || String(cause) }, { cause });
}
