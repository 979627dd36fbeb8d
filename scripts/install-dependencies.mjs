// Installs what the checkout needs, when it is not there yet: pnpm comes pinned through npx, Node 24 as a package.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "./run-command.mjs";
import { withSetupLock } from "./setup-lock.mjs";
import { hashFiles, isUpToDate, writeStamp } from "./source-stamp.mjs";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The Node that everything of the product runs with, whatever Node started this script. */
export const pinnedNode = join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");

const pnpm = "pnpm@12.21.0";
const limitMs = 15 * 60_000;
const stampFile = join(root, "node_modules", ".deskside-installed.json");
export const setupLock = join(root, ".cache", "setup.lock");

/** Environment in which the programs of the checkout find each other, and Node 24 first of all. */
export function toolEnvironment(folder = root) {
  const delimiter = process.platform === "win32" ? ";" : ":";
  const folders = [
    join(folder, "node_modules", ".bin"),
    join(root, "node_modules", ".bin"),
    dirname(pinnedNode),
    process.env["PATH"] ?? "",
  ];
  return { ...process.env, PATH: [...new Set(folders)].join(delimiter) };
}

/** Folders of the workspace that have a package.json, the root first. */
export function workspaceFolders() {
  const nested = ["apps", "packages"].flatMap((parent) => {
    const folder = join(root, parent);
    return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  });
  return [root, ...nested, join(root, "e2e")].filter((folder) => existsSync(join(folder, "package.json")));
}

/**
 * Installs unless node_modules was made from exactly these manifests and this lockfile.
 * @param {{ say: (line: string) => void, output: "inherit" | "stderr" }} options
 * @throws when the installation fails, with one line that says why
 */
export async function installDependencies({ say, output }) {
  if (isInstalled()) return;
  await withSetupLock(
    setupLock,
    async () => {
      if (isInstalled()) return;
      say("Installing dependencies …");
      const { code, timedOut } = await runCommand(
        process.platform === "win32" ? "npx.cmd" : "npx",
        ["-y", pnpm, "install", "--frozen-lockfile"],
        { cwd: root, env: installEnvironment(), output, timeoutMs: limitMs, shell: process.platform === "win32" },
      );
      if (timedOut) throw new Error(`Installing took longer than ${limitMs / 60_000} minutes and was stopped.`);
      if (code !== 0) throw new Error(`Installing failed: ${pnpm} ended with exit code ${code} (see above).`);
      if (!existsSync(pinnedNode)) throw new Error(`Installing brought no Node: ${pinnedNode} is missing.`);
      writeStamp(stampFile, hashFiles(root, manifests()));
    },
    { onWait: () => say("Waiting for another installation of this checkout …") },
  );
}

function isInstalled() {
  return isUpToDate(stampFile, hashFiles(root, manifests()), [
    pinnedNode,
    join(root, "node_modules", ".pnpm"),
    ...workspaceFolders()
      .filter((folder) => hasDependencies(folder))
      .map((folder) => join(folder, "node_modules")),
  ]);
}

/** @param {string} folder */
function hasDependencies(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).length > 0;
}

function manifests() {
  return [
    join(root, "pnpm-lock.yaml"),
    join(root, "pnpm-workspace.yaml"),
    ...workspaceFolders().map((folder) => join(folder, "package.json")),
  ];
}

/** Nobody is asked anything, and a registry that does not answer is given up after a minute and two more tries. */
function installEnvironment() {
  return {
    ...process.env,
    CI: "true",
    npm_config_fetch_timeout: "60000",
    npm_config_fetch_retries: "2",
    npm_config_update_notifier: "false",
    pnpm_config_fetch_timeout: "60000",
    pnpm_config_fetch_retries: "2",
  };
}
