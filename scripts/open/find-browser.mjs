// Finds a browser of the Chromium family: for the app window of `npm start` and for the journeys of `npm test`.
import { existsSync, readdirSync, statSync } from "node:fs";
import { posix, win32 } from "node:path";

const commandNames = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "chrome",
  "microsoft-edge",
  "microsoft-edge-stable",
  "msedge",
];

const macApps = ["Google Chrome", "Microsoft Edge", "Chromium"];

const windowsPrograms = [
  "Google\\Chrome\\Application\\chrome.exe",
  "Microsoft\\Edge\\Application\\msedge.exe",
  "Chromium\\Application\\chrome.exe",
];

/**
 * @typedef {object} Host what the search looks at
 * @property {NodeJS.Platform} platform
 * @property {NodeJS.ProcessEnv} env
 * @property {(path: string) => boolean} isFile
 * @property {(path: string) => string[]} list names in a folder; none where there is no such folder
 */

/** @type {Host} */
export const thisHost = {
  platform: process.platform,
  env: process.env,
  isFile: (path) => existsSync(path) && statSync(path).isFile(),
  list: (path) => (existsSync(path) ? readdirSync(path) : []),
};

/**
 * The first browser that is there. `CHROMIUM` (a path or a command) is then the only candidate.
 * @param {Host} [host]
 * @returns {string | undefined} path of the executable
 */
export function findBrowser(host = thisHost) {
  const chosen = host.env["CHROMIUM"];
  if (chosen) return [chosen, ...onPath(host, [chosen])].find((path) => host.isFile(path));
  return candidates(host).find((path) => host.isFile(path));
}

/** @param {Host} host */
function candidates(host) {
  if (host.platform === "darwin") return [...macCandidates(host), ...onPath(host), ...downloadedByPlaywright(host)];
  if (host.platform === "win32") return [...windowsCandidates(host), ...downloadedByPlaywright(host)];
  return [...onPath(host), ...downloadedByPlaywright(host)];
}

/** @param {Host} host */
function onPath(host, names = commandNames) {
  const folders = (host.env["PATH"] ?? "").split(":").filter(Boolean);
  return names.flatMap((name) => folders.map((folder) => posix.join(folder, name)));
}

/** @param {Host} host */
function macCandidates(host) {
  const folders = ["/Applications", ...(host.env["HOME"] ? [posix.join(host.env["HOME"], "Applications")] : [])];
  return macApps.flatMap((app) => folders.map((folder) => posix.join(folder, `${app}.app/Contents/MacOS/${app}`)));
}

/** @param {Host} host */
function windowsCandidates(host) {
  const folders = ["ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA"].flatMap((name) => host.env[name] ?? []);
  return windowsPrograms.flatMap((program) => folders.map((folder) => win32.join(folder, program)));
}

/** @param {Host} host */
function downloadedByPlaywright(host) {
  const { join } = host.platform === "win32" ? win32 : posix;
  const folder = host.env["PLAYWRIGHT_BROWSERS_PATH"] ?? playwrightCache(host);
  if (!folder) return [];
  const builds = host.list(folder).filter((name) => /^chromium-\d+$/.test(name));
  const programs = ["chrome-linux64/chrome", "chrome-linux/chrome", "chrome-win64/chrome.exe", "chrome-win/chrome.exe"];
  return builds
    .sort((a, b) => Number(b.slice(9)) - Number(a.slice(9)))
    .flatMap((build) => programs.map((program) => join(folder, build, program)));
}

/** @param {Host} host */
function playwrightCache(host) {
  if (host.platform === "win32")
    return host.env["LOCALAPPDATA"] ? win32.join(host.env["LOCALAPPDATA"], "ms-playwright") : undefined;
  const home = host.env["HOME"];
  if (!home) return undefined;
  return posix.join(home, host.platform === "darwin" ? "Library/Caches/ms-playwright" : ".cache/ms-playwright");
}

/**
 * Whether a window could be seen here.
 * @param {Pick<Host, "platform" | "env">} [host]
 */
export function hasDisplay(host = thisHost) {
  if (host.platform === "darwin" || host.platform === "win32") return true;
  return Boolean(host.env["DISPLAY"] || host.env["WAYLAND_DISPLAY"]);
}
