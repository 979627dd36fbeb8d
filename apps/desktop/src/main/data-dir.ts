import { homedir } from "node:os";
import { join, resolve } from "node:path";

/**
 * Where everything lives: `--data-dir`, `DESKSIDE_DATA_DIR`, or the system's place for an application's data. The same
 * place that the command line finds.
 */
export function chooseDataDir(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): string {
  const asked = optionValue(argv, "--data-dir") || env["DESKSIDE_DATA_DIR"];
  if (asked) return resolve(asked);
  if (platform === "darwin") return join(homedir(), "Library", "Application Support", "Deskside");
  if (platform === "win32") return join(env["APPDATA"] ?? join(homedir(), "AppData", "Roaming"), "Deskside");
  return join(env["XDG_DATA_HOME"] || join(homedir(), ".local", "share"), "deskside");
}

function optionValue(argv: readonly string[], name: string): string | undefined {
  const at = argv.findIndex((argument) => argument === name || argument.startsWith(`${name}=`));
  const found = argv[at];
  return found === name ? argv[at + 1] : found?.slice(name.length + 1);
}
