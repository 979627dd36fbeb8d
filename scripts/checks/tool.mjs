// Runs one of the checkout's own tools (biome, tsc, vitest, …) under Node 24.
import { root, toolEnvironment } from "../install-dependencies.mjs";
import { runCommand } from "../run-command.mjs";

/**
 * @param {string} name
 * @param {readonly string[]} args
 * @param {{ timeoutMs: number, output?: "collect" | "inherit", env?: NodeJS.ProcessEnv, cwd?: string }} options
 */
export function runTool(name, args, { timeoutMs, output = "collect", env = {}, cwd = root }) {
  return runCommand(name, args, {
    cwd,
    env: { ...toolEnvironment(cwd), ...env },
    output,
    timeoutMs,
    // The tools are command files on Windows.
    shell: process.platform === "win32",
  });
}
