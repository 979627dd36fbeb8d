import { constants, copyFileSync, existsSync, linkSync, lstatSync, mkdirSync, renameSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { syncDirectory, syncFile } from "../driver/durable-files.ts";
import type { WorkspacePaths } from "../workspace/workspace-paths.ts";

/**
 * Keeps the given files, as they are, in a folder of their own under `quarantine/`, and returns it. The originals
 * stay; whoever goes on writing to one of them passes `copy`, because otherwise the kept file is the same file.
 */
export function keepAside(paths: WorkspacePaths, files: readonly string[], now: number, how: "link" | "copy"): string {
  const folder = freeFolder(paths.quarantine, new Date(now).toISOString().replaceAll(":", "-"));
  const unfinished = `${folder}.partial`;
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  for (const file of files) {
    if (lstatSync(file, { throwIfNoEntry: false })) keepFile(file, join(unfinished, basename(file)), how);
  }
  syncDirectory(unfinished);
  renameSync(unfinished, folder);
  syncDirectory(dirname(folder));
  return folder;
}

function keepFile(from: string, to: string, how: "link" | "copy"): void {
  if (how === "link" && tryLink(from, to)) return;
  copyFileSync(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  syncFile(to);
}

/** A second name for the same bytes needs no space and cannot be half done. */
function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EPERM" || code === "ENOTSUP" || code === "ENOSYS" || code === "EMLINK" || code === "EXDEV")
      return false;
    throw error;
  }
}

function freeFolder(parent: string, name: string): string {
  for (let attempt = 0; ; attempt++) {
    const folder = join(parent, attempt === 0 ? name : `${name}-${attempt}`);
    if (!existsSync(folder) && !existsSync(`${folder}.partial`)) return folder;
  }
}
