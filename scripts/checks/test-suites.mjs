// The suites that run the product's code: vitest projects and the journeys in a real browser.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "../install-dependencies.mjs";
import { getTestBrowser } from "./browser-for-tests.mjs";
import { countListed, countPlaywright, countVitest } from "./read-reports.mjs";
import { runTool } from "./tool.mjs";

/** @typedef {import("./counts.mjs").StepResult} StepResult */

const reports = join(root, ".cache", "test-reports");
const isLong = () => process.env["DESKSIDE_LONG"] === "1";
const limitMs = () => (isLong() ? 6 * 3_600_000 : 40 * 60_000);

/**
 * @param {string} name of the report
 * @param {readonly string[]} projects of vitest.config.ts
 * @returns {Promise<StepResult>}
 */
export async function runVitest(name, projects) {
  const file = freshReport(name);
  const chosen = projects.flatMap((project) => ["--project", project]);
  const reporters = ["--reporter", "default", "--reporter", "json", "--outputFile.json", relative(root, file)];
  const run = await runTool("vitest", ["run", ...chosen, ...reporters], { timeoutMs: limitMs(), output: "inherit" });
  const counts = countVitest(readReport(file), run.code);
  return { counts, detail: run.timedOut ? "stopped at its time limit" : describe(counts) };
}

/**
 * @param {(line: string) => void} say
 * @returns {Promise<StepResult>}
 */
export async function runJourneys(say) {
  const folder = join(root, "e2e");
  if (!existsSync(join(folder, "playwright.config.ts")))
    return { counts: { passed: 0, failed: 1, skipped: 0 }, detail: "e2e/playwright.config.ts is missing" };
  const browser = await getTestBrowser(say);
  if ("missing" in browser) return skipJourneys(folder, browser.missing);
  const file = freshReport("journeys");
  const run = await runTool("playwright", ["test", "--reporter", "list,json"], {
    cwd: folder,
    timeoutMs: limitMs(),
    output: "inherit",
    env: { CHROMIUM: browser.path, PLAYWRIGHT_JSON_OUTPUT_FILE: file },
  });
  const counts = countPlaywright(readReport(file), run.code);
  return { counts, detail: run.timedOut ? "stopped at its time limit" : describe(counts) };
}

/**
 * @param {string} folder
 * @param {string} reason
 * @returns {Promise<StepResult>}
 */
async function skipJourneys(folder, reason) {
  const file = freshReport("journeys");
  const run = await runTool("playwright", ["test", "--list", "--reporter", "json"], {
    cwd: folder,
    timeoutMs: 120_000,
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: file },
  });
  const listed = countListed(readReport(file) ?? {});
  if (run.code !== 0 || listed === 0)
    return {
      counts: { passed: 0, failed: 1, skipped: 0 },
      detail: "the journeys cannot be listed",
      output: run.output,
    };
  return { counts: { passed: 0, failed: 0, skipped: listed }, detail: `${listed} skipped: ${reason}` };
}

/** @param {string} name */
function freshReport(name) {
  mkdirSync(reports, { recursive: true });
  const file = join(reports, `${name}.json`);
  rmSync(file, { force: true });
  return file;
}

/** @param {string} file */
function readReport(file) {
  if (!existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, "utf8"));
}

/** @param {import("./counts.mjs").Counts} counts */
function describe({ passed, failed, skipped }) {
  const parts = [
    `${passed} tests`,
    ...(failed ? [`${failed} failed`] : []),
    ...(skipped ? [`${skipped} skipped`] : []),
  ];
  return parts.join(", ");
}
