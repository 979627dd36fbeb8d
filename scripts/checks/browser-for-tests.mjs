// Gets a browser for the journeys: one that is there and starts, or Debian's Chromium where it may be installed.
import { findBrowser } from "../open/find-browser.mjs";
import { runCommand } from "../run-command.mjs";
import { installPackage, whyNoPackages } from "./apt-packages.mjs";

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
  const failure = await installPackage("chromium");
  return (await startable(findBrowser())) ?? { missing: failure ?? "the installed Chromium does not start" };
}

function whyNotInstall() {
  const refusal = whyNoPackages();
  if (refusal === "no-apt") return "no Chromium, Chrome or Edge found; set CHROMIUM to one";
  if (refusal === "not-root") return "no Chromium found; install it with: sudo apt-get install chromium";
  return undefined;
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
