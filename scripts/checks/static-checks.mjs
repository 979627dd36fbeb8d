// The checks that run nothing of the product: format, lint, types, dead code.
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { root, workspaceFolders } from "../install-dependencies.mjs";
import { listFiles } from "../source-stamp.mjs";
import { oneCheck } from "./counts.mjs";
import { runTool } from "./tool.mjs";

const timeoutMs = 10 * 60_000;

export async function checkFormat() {
  const run = await runTool("biome", ["format", "."], { timeoutMs });
  return oneCheck(run, numberIn(run.output, /Checked (\d+) files/), "files");
}

export async function checkLint() {
  const run = await runTool("oxlint", ["--type-aware", "--deny-warnings"], { timeoutMs });
  return oneCheck(run, numberIn(run.output, / on (\d+) files/), "files");
}

export async function checkTypes() {
  const isTypeScript = (/** @type {string} */ path) => /\.tsx?$/.test(path);
  const folders = [...workspaceFolders().slice(1), join(root, "scripts"), join(root, "scripts/bench")];
  const withSources = folders.filter((folder) => listFiles(folder, isTypeScript).length > 0);
  const unchecked = withSources.filter((folder) => !existsSync(join(folder, "tsconfig.json")));
  if (unchecked.length > 0) {
    const output = unchecked.map((folder) => `${relative(root, folder)} has sources and no tsconfig.json`).join("\n");
    return oneCheck({ code: 1, output, timedOut: false }, withSources.length, "projects");
  }
  const projects = withSources.map((folder) => relative(root, folder));
  return oneCheck(await runTool("tsc", ["-b", ...projects], { timeoutMs }), projects.length, "projects");
}

export async function checkDeadCode() {
  const reporter = ["--reporter", "symbols", "--reporter", "./scripts/checks/knip-counter.mjs"];
  const run = await runTool("knip", ["--no-progress", "--no-config-hints", ...reporter], { timeoutMs });
  return oneCheck(run, numberIn(run.output, /^Looked at (\d+) files/m), "files");
}

/**
 * @param {string} text
 * @param {RegExp} pattern with one group
 */
function numberIn(text, pattern) {
  return Number(pattern.exec(text)?.[1] ?? 0);
}
