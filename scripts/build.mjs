// Builds the apps whose sources changed: `npm run build`, and before everything that runs a built app.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { installDependencies, root, setupLock, toolEnvironment } from "./install-dependencies.mjs";
import { runCommand } from "./run-command.mjs";
import { withSetupLock } from "./setup-lock.mjs";
import { hashFiles, isUpToDate, listFiles, writeStamp } from "./source-stamp.mjs";

const limitMs = 10 * 60_000;

/** @typedef {"server" | "desktop"} App */

/**
 * Builds what is missing or older than its sources.
 * @param {readonly App[]} apps
 * @param {{ say: (line: string) => void, output: "inherit" | "stderr" | "collect" }} options
 * @returns {Promise<App[]>} what was built now
 * @throws when a build fails, with what it printed where that was collected
 */
export async function buildApps(apps, options) {
  if (apps.every((app) => isBuilt(app))) return [];
  return withSetupLock(
    setupLock,
    async () => {
      /** @type {App[]} */
      const built = [];
      for (const app of apps) {
        if (isBuilt(app)) continue;
        await buildApp(app, options);
        built.push(app);
      }
      return built;
    },
    { onWait: () => options.say("Waiting for another build of this checkout …") },
  );
}

/**
 * @param {App} app
 * @param {{ say: (line: string) => void, output: "inherit" | "stderr" | "collect" }} options
 */
async function buildApp(app, { say, output }) {
  const folder = join(root, "apps", app);
  const script = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).scripts?.build;
  if (!script) throw new Error(`apps/${app}/package.json has no "build" script.`);
  say(`Building ${app} …`);
  const before = sourceHash(app);
  const result = await runCommand(script, [], {
    cwd: folder,
    env: { ...toolEnvironment(folder), NODE_ENV: "production" },
    shell: true,
    output,
    timeoutMs: limitMs,
  });
  if (result.timedOut) throw new Error(`Building ${app} took longer than ${limitMs / 60_000} minutes and was stopped.`);
  if (result.code !== 0) throw new Error(`Building ${app} failed with exit code ${result.code}.\n${result.output}`);
  const outputs = listFiles(join(folder, "out")).filter((path) => path !== stampOf(app));
  if (outputs.length === 0 || !existsSync(join(folder, "out")))
    throw new Error(`Building ${app} made nothing in ${join(folder, "out")}.`);
  // The hash of before: a source that was changed while it built is built again next time.
  writeStamp(stampOf(app), before, outputs);
}

/** @param {App} app */
function isBuilt(app) {
  return isUpToDate(stampOf(app), sourceHash(app));
}

/** @param {App} app */
function stampOf(app) {
  return join(root, "apps", app, "out", ".built.json");
}

/** @param {App} app */
function sourceHash(app) {
  const isSource = (/** @type {string} */ path) => !/\.(test|test-d)\.tsx?$|README\.md$/.test(path);
  const files = [
    join(root, "package.json"),
    join(root, "pnpm-lock.yaml"),
    join(root, "tsconfig.base.json"),
    ...listFiles(join(root, "apps", app), isSource),
    ...listFiles(join(root, "packages"), isSource),
    ...listFiles(join(root, "resources"), isSource),
  ];
  return hashFiles(root, files);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const say = (/** @type {string} */ line) => console.log(line);
  await installDependencies({ say, output: "inherit" });
  const built = await buildApps(["server", "desktop"], { say, output: "inherit" });
  say(built.length > 0 ? `Built: ${built.join(", ")}.` : "Nothing changed since the last build.");
}
