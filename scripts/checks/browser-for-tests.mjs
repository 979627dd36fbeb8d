// Gets a browser for the journeys: one that is there and starts, or Debian's Chromium where it may be installed.
import { existsSync } from "node:fs";
import { findBrowser } from "../open/find-browser.mjs";
import { runCommand } from "../run-command.mjs";

const updateMs = 3 * 60_000;
const installMs = 10 * 60_000;
const startMs = 30_000;

/**
 * @param {(line: string) => void} say
 * @returns {Promise<{ path: string } | { missing: string }>}
 */
export async function getTestBrowser(say) {
  const found = await startable(findBrowser());
  if (found || process.env["CHROMIUM"])
    return found ?? { missing: `CHROMIUM=${process.env["CHROMIUM"]} is no browser` };
  const refusal = whyNotInstall();
  if (refusal) return { missing: refusal };
  say("Installing Debian's Chromium …");
  const failure = await installChromium();
  return (await startable(findBrowser())) ?? { missing: failure ?? "the installed Chromium does not start" };
}

function whyNotInstall() {
  if (process.platform !== "linux" || !existsSync("/usr/bin/apt-get"))
    return "no Chromium, Chrome or Edge found; set CHROMIUM to one";
  if (process.getuid?.() !== 0) return "no Chromium found; install it with: sudo apt-get install chromium";
  return undefined;
}

/** @returns {Promise<string | undefined>} why it failed, in one line */
async function installChromium() {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const bounded = ["-o", "Acquire::http::Timeout=30", "-o", "Acquire::https::Timeout=30", "-o", "Acquire::Retries=1"];
  const update = await runCommand("apt-get", [...bounded, "update"], { env, output: "collect", timeoutMs: updateMs });
  const packages = ["install", "-y", "--no-install-recommends", "chromium"];
  const install = await runCommand("apt-get", [...bounded, ...packages], {
    env,
    output: "collect",
    timeoutMs: installMs,
  });
  if (install.code === 0) return undefined;
  const why = [...install.output.split("\n"), ...update.output.split("\n")].find((line) => line.startsWith("E:"));
  return `Chromium could not be installed (${install.timedOut ? "it took too long" : (why ?? `exit ${install.code}`)})`;
}

/**
 * A browser that cannot start (a stub, missing libraries) is none.
 * @param {string | undefined} path
 * @returns {Promise<{ path: string } | undefined>}
 */
async function startable(path) {
  if (!path) return undefined;
  // On Windows and macOS this would open a window; there it is a real program where it exists.
  if (process.platform !== "linux") return { path };
  const run = await runCommand(path, ["--version", "--no-sandbox"], { output: "collect", timeoutMs: startMs });
  return run.code === 0 ? { path } : undefined;
}
