import { join } from "node:path";
import type { Sidecar } from "../store-schemas.ts";

/**
 * How a model folder is laid out:
 * `<model id>/<version>/<files>` and beside the first file its sidecar; `.deskside/` holds what is not a model yet
 * (`staging`, `downloads`), no longer (`trash`), or about to be deleted (`doomed`). All on one file system, so that
 * every step from one to the other is one rename.
 */
export const ownFolder = ".deskside";
export const sidecarEnding = ".deskside.json";

export function modelFolder(root: string, modelId: string): string {
  return join(root, modelId);
}

export function versionFolder(root: string, sidecar: Pick<Sidecar, "id" | "version">): string {
  return join(root, sidecar.id, sidecar.version);
}

export function sidecarPath(directory: string, sidecar: Pick<Sidecar, "files">): string {
  return join(directory, `${sidecar.files[0]?.name ?? "model"}${sidecarEnding}`);
}

export function stagingRoot(root: string): string {
  return join(root, ownFolder, "staging");
}

export function trashRoot(root: string): string {
  return join(root, ownFolder, "trash");
}

export function doomedRoot(root: string): string {
  return join(root, ownFolder, "doomed");
}

export function downloadsRoot(root: string): string {
  return join(root, ownFolder, "downloads");
}

/** Where the files of a version are: in its folder, or where they were linked from. */
export function pathsOf(root: string, sidecar: Sidecar): string[] {
  const directory = versionFolder(root, sidecar);
  return sidecar.files.map((file) => file.linkedPath ?? join(directory, file.name));
}
