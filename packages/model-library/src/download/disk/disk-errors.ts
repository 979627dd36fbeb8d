import { open } from "node:fs/promises";
import { type DesksideError, isDesksideError } from "@deskside/base";
import { deskError } from "@deskside/contract";

export function fsCode(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}

/** DOWNLOAD_NO_SPACE for a full disk or quota, else DISK_FAILED; what is a Deskside error already stays as it is. */
export function diskError(path: string, error: unknown, neededBytes = 0, freeBytes = 0): DesksideError {
  if (isDesksideError(error)) return error;
  const code = fsCode(error);
  if (code === "ENOSPC" || code === "EDQUOT") {
    return deskError("DOWNLOAD_NO_SPACE", { path, neededBytes, freeBytes }, { cause: error });
  }
  const detail = error instanceof Error ? error.message : String(error);
  return deskError("DISK_FAILED", { path, detail: detail.slice(0, 300) }, { cause: error });
}

/** Makes renames and new names in a folder last. Windows cannot open folders and keeps its own journal of names. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
