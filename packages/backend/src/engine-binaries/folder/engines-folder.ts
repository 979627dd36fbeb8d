import { homedir } from "node:os";
import { join, resolve } from "node:path";

/**
 * Where fetched engine packages are: one folder of the user, whatever data directory is used and whichever version of
 * Deskside runs, so that nobody fetches the same 300 MB twice. Beside the data where the system's default place is
 * used. On Windows in the local application data: a roaming profile must not carry it.
 * DESKSIDE_ENGINES_DIR says otherwise.
 */
export function enginesFolderOf(
  env: Readonly<Record<string, string | undefined>>,
  platform: string,
  home: string = homedir(),
): string {
  const asked = env["DESKSIDE_ENGINES_DIR"];
  if (asked) return resolve(asked);
  if (platform === "win32") return join(env["LOCALAPPDATA"] ?? join(home, "AppData", "Local"), "Deskside", "engines");
  if (platform === "darwin") return join(home, "Library", "Application Support", "Deskside", "engines");
  return join(env["XDG_DATA_HOME"] || join(home, ".local", "share"), "deskside", "engines");
}

export interface EnginesFolder {
  readonly root: string;
  /** Given to the engine process: packages of this library version, under their scope. */
  readonly versionFolder: string;
  packageFolder(name: string): string;
  /** Archives on their way, their locks, and folders being unpacked. */
  readonly downloads: string;
  readonly trialsFile: string;
}

export function layOutEnginesFolder(root: string, libraryVersion: string): EnginesFolder {
  const versionFolder = join(root, `node-llama-cpp-${libraryVersion}`);
  return {
    root,
    versionFolder,
    packageFolder: (name) => join(versionFolder, "@node-llama-cpp", name),
    downloads: join(root, "downloads"),
    trialsFile: join(root, "trials.json"),
  };
}
