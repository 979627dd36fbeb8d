import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Where everything lives: `--data-dir`, `DESKSIDE_DATA_DIR`, or the system's place for an application's data. */
export function chooseDataDir(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): string {
  const named = argv.findLast((argument) => argument.startsWith("--data-dir="))?.slice("--data-dir=".length);
  const asked = named || env["DESKSIDE_DATA_DIR"];
  if (asked) return resolve(asked);
  if (platform === "darwin") return join(homedir(), "Library", "Application Support", "Deskside");
  if (platform === "win32") return join(env["LOCALAPPDATA"] ?? join(homedir(), "AppData", "Local"), "Deskside");
  return join(env["XDG_DATA_HOME"] || join(homedir(), ".local", "share"), "deskside");
}
