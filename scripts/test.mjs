// `npm test`: installs what is missing and runs every check, quickest first. A step that fails does not hide the
// others. The last line is the sum; the exit code is 0 only when nothing failed.
//
//   npm test -- --only=lint,types   some steps (their names are printed by a full run)
//   npm run test:long               the long suites as well (DESKSIDE_LONG=1)
import { buildApps } from "./build.mjs";
import { closingLine, exitCode, sum } from "./checks/counts.mjs";
import { installSoftwareVulkan } from "./checks/software-vulkan.mjs";
import { checkDeadCode, checkFormat, checkLint, checkTypes } from "./checks/static-checks.mjs";
import { runJourneys, runVitest } from "./checks/test-suites.mjs";
import { installDependencies } from "./install-dependencies.mjs";

/**
 * @typedef {import("./checks/counts.mjs").StepResult} StepResult
 * @typedef {{ name: string, needs?: string, run: () => Promise<StepResult> }} Step
 */

const say = (/** @type {string} */ line) => console.log(line);

/** @type {readonly Step[]} */
const steps = [
  { name: "format", run: checkFormat },
  { name: "lint", run: checkLint },
  { name: "types", run: checkTypes },
  { name: "architecture", run: () => runVitest("architecture", ["architecture"]) },
  { name: "dead-code", run: checkDeadCode },
  { name: "unit", run: runUnit },
  { name: "build", run: checkBuild },
  { name: "journeys", needs: "build", run: () => runJourneys(say) },
];

if (process.argv.includes("--long")) process.env["DESKSIDE_LONG"] = "1";
const only = process.argv
  .find((argument) => argument.startsWith("--only="))
  ?.slice("--only=".length)
  .split(",");

/** @type {Map<string, StepResult>} */
const results = new Map();
results.set("install", await timed("install", installForTests));
if (results.get("install")?.counts.failed === 0) {
  // Installing proves nothing about the product: it only counts when it fails.
  results.delete("install");
  for (const step of chooseSteps()) results.set(step.name, await timed(step.name, () => runStep(step)));
}
const total = sum([...results.values()].map((result) => result.counts));
for (const [name, { counts, detail }] of results) if (counts.failed > 0) say(`FAILED ${name}: ${detail}`);
say(closingLine(total));
process.exit(exitCode(total));

function chooseSteps() {
  const unknown = (only ?? []).filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0) throw new Error(`No such step: ${unknown.join(", ")}`);
  return only ? steps.filter((step) => only.includes(step.name)) : steps;
}

/**
 * @param {Step} step
 * @returns {Promise<StepResult>}
 */
async function runStep(step) {
  const needed = step.needs ? results.get(step.needs) : undefined;
  if (needed && needed.counts.failed > 0)
    return { counts: { passed: 0, failed: 0, skipped: 1 }, detail: `skipped: ${step.needs} failed` };
  return step.run();
}

/**
 * @param {string} name
 * @param {() => Promise<StepResult>} run
 * @returns {Promise<StepResult>}
 */
async function timed(name, run) {
  const started = performance.now();
  const result = await run().catch((error) => failure(error));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (result.counts.failed > 0 && result.output) say(result.output.trimEnd());
  say(`${mark(result)} ${name} (${seconds} s): ${result.detail}`);
  return result;
}

/** @param {StepResult} result */
function mark({ counts }) {
  if (counts.failed > 0) return "✗";
  return counts.passed > 0 ? "✓" : "–";
}

/** @param {unknown} error */
function failure(error) {
  const [detail = "", ...rest] = (error instanceof Error ? error.message : String(error)).split("\n");
  return { counts: { passed: 0, failed: 1, skipped: 0 }, detail, output: rest.join("\n") };
}

/** @returns {Promise<StepResult>} */
async function installForTests() {
  await installDependencies({ say, output: "inherit" });
  return { counts: { passed: 1, failed: 0, skipped: 0 }, detail: "everything is there" };
}

/** @returns {Promise<StepResult>} */
async function runUnit() {
  await installSoftwareVulkan(say);
  return runVitest("unit", ["node", "ui"]);
}

/** @returns {Promise<StepResult>} */
async function checkBuild() {
  const built = await buildApps(["server", "desktop"], { say, output: "collect" });
  const detail = built.length > 0 ? `built ${built.join(", ")}` : "nothing changed since the last build";
  return { counts: { passed: 1, failed: 0, skipped: 0 }, detail };
}
