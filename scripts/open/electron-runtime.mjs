// Electron's package brings no program: the runtime is fetched when it is first needed. This gets it within a
// bounded time, notices quickly when it cannot be had, and remembers that for a while.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { runCommand } from "../run-command.mjs";

const probeMs = 4_000;
const downloadMs = 60_000;
const patientDownloadMs = 15 * 60_000;
const rememberMs = 6 * 3_600_000;

/**
 * @param {{ packageFolder: string, memoryFile: string, node: string, patient: boolean, say: (line: string) => void }} options
 *   `packageFolder`: where the package "electron" is; `memoryFile`: where a failure is remembered;
 *   `patient`: try again now, whatever is remembered, and wait for a slow download
 * @returns {Promise<{ path: string } | { missing: string }>} the executable, or in half a line why there is none
 */
export async function getElectronRuntime({ packageFolder, memoryFile, node, patient, say }) {
  if (!existsSync(packageFolder)) return { missing: "its package is not installed" };
  const present = installedElectron(packageFolder);
  if (present) return checkStarts(present);

  const { version } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8"));
  const remembered = readFailure(memoryFile, version, Date.now());
  if (remembered && !patient) return { missing: remembered };

  const missing = await fetchElectron({ packageFolder, version, node, patient, say });
  const path = installedElectron(packageFolder);
  if (path) {
    rmSync(memoryFile, { force: true });
    return checkStarts(path);
  }
  const reason = missing ?? "its download brought no program";
  mkdirSync(dirname(memoryFile), { recursive: true });
  writeFileSync(memoryFile, JSON.stringify({ version, reason, at: Date.now() }));
  return { missing: reason };
}

/**
 * @param {string} packageFolder
 * @returns {string | undefined} the executable, when the runtime of this very version is complete
 */
export function installedElectron(packageFolder) {
  try {
    const { version } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8"));
    const own = process.env["ELECTRON_OVERRIDE_DIST_PATH"];
    const dist = own ?? join(packageFolder, "dist");
    if (!own && readFileSync(join(dist, "version"), "utf8").trim().replace(/^v/, "") !== version) return undefined;
    const path = join(dist, own ? executableName() : readFileSync(join(packageFolder, "path.txt"), "utf8"));
    return existsSync(path) ? path : undefined;
  } catch {
    // No file that says which runtime is there: none is.
    return undefined;
  }
}

function executableName() {
  if (process.platform === "darwin") return "Electron.app/Contents/MacOS/Electron";
  return process.platform === "win32" ? "electron.exe" : "electron";
}

/**
 * A runtime whose system libraries are missing is as good as none.
 * @param {string} path
 * @returns {Promise<{ path: string } | { missing: string }>}
 */
async function checkStarts(path) {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: "1" };
  const { code, output } = await runCommand(path, ["--version"], { env, output: "collect", timeoutMs: 10_000 });
  return code === 0
    ? { path }
    : { missing: `its runtime does not start here (${firstLine(output) || `exit ${code}`})` };
}

/**
 * @param {{ packageFolder: string, version: string, node: string, patient: boolean, say: (line: string) => void }} options
 * @returns {Promise<string | undefined>} why it failed
 */
async function fetchElectron({ packageFolder, version, node, patient, say }) {
  const url = downloadUrl(version, process.env);
  // Behind a proxy only the installer itself can tell; what is in its cache needs no network.
  if (!process.env["ELECTRON_GET_USE_PROXY"] && !isCached(version)) {
    const unreachable = await probe(url, probeMs);
    if (unreachable) return `its runtime cannot be fetched from ${new URL(url).host}: ${unreachable}`;
  }
  const timeoutMs = patient ? patientDownloadMs : downloadMs;
  say(`Fetching Electron ${version} (at most ${timeoutMs / 1000} s) …`);
  const result = await runCommand(node, [join(packageFolder, "install.js")], {
    cwd: packageFolder,
    output: "collect",
    timeoutMs,
  });
  if (result.timedOut) return `its download took longer than ${timeoutMs / 1000} s`;
  return result.code === 0 ? undefined : `its download failed (${firstLine(result.output) || `exit ${result.code}`})`;
}

/**
 * Where the installer would look, with the mirror it would use.
 * @param {string} version
 * @param {NodeJS.ProcessEnv} env
 */
export function downloadUrl(version, env) {
  const mirror =
    env["npm_config_electron_mirror"] ??
    env["NPM_CONFIG_ELECTRON_MIRROR"] ??
    env["ELECTRON_MIRROR"] ??
    "https://github.com/electron/electron/releases/download/";
  const folder = (env["npm_config_electron_custom_dir"] ?? env["ELECTRON_CUSTOM_DIR"] ?? `v${version}`).replace(
    "{{ version }}",
    version,
  );
  return `${mirror}${folder}/electron-v${version}-${process.platform}-${process.arch}.zip`;
}

/**
 * Asks for the head of a file and follows redirects, all within one limit.
 * @param {string} url
 * @param {number} limitMs
 * @returns {Promise<string | undefined>} undefined when it is there, else why not
 */
export function probe(url, limitMs) {
  const until = Date.now() + limitMs;
  /** @type {(address: string, hops: number) => Promise<string | undefined>} */
  const ask = async (address, hops) => {
    const left = until - Date.now();
    if (hops > 5 || left <= 0) return hops > 5 ? "too many redirects" : `no answer within ${limitMs / 1000} s`;
    const answer = await head(address, left, limitMs);
    if ("failure" in answer) return answer.failure;
    if (answer.status >= 300 && answer.status < 400 && answer.location)
      return ask(new URL(answer.location, address).href, hops + 1);
    return answer.status === 200 ? undefined : `HTTP ${answer.status}`;
  };
  return ask(url, 0);
}

/**
 * @param {string} address
 * @param {number} leftMs
 * @param {number} limitMs for the message
 * @returns {Promise<{ status: number, location: string | undefined } | { failure: string }>}
 */
function head(address, leftMs, limitMs) {
  const send = address.startsWith("http:") ? httpRequest : httpsRequest;
  return new Promise((resolve) => {
    const request = send(address, { method: "HEAD" });
    // A limit of its own: the request's "timeout" only counts idle time, and not the name look-up.
    const timer = setTimeout(() => finish({ failure: `no answer within ${limitMs / 1000} s` }), leftMs);
    const finish = (/** @type {{ status: number, location: string | undefined } | { failure: string }} */ answer) => {
      clearTimeout(timer);
      request.destroy();
      resolve(answer);
    };
    request.on("response", (response) => {
      finish({ status: response.statusCode ?? 0, location: response.headers.location });
    });
    request.on("error", (error) => finish({ failure: "code" in error ? String(error.code) : error.message }));
    request.end();
  });
}

/** @param {string} version */
function isCached(version) {
  const root = process.env["electron_config_cache"] ?? defaultCache();
  const archive = `electron-v${version}-${process.platform}-${process.arch}.zip`;
  return existsSync(root) && readdirSync(root).some((name) => existsSync(join(root, name, archive)));
}

function defaultCache() {
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches", "electron");
  if (process.platform === "win32")
    return join(process.env["LOCALAPPDATA"] ?? join(homedir(), "AppData", "Local"), "electron", "Cache");
  return join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "electron");
}

/**
 * The reason of a failure that is recent enough to count.
 * @param {string} memoryFile
 * @param {string} version
 * @param {number} now
 * @returns {string | undefined}
 */
export function readFailure(memoryFile, version, now) {
  try {
    const failure = JSON.parse(readFileSync(memoryFile, "utf8"));
    const age = now - failure.at;
    return failure.version === version && age >= 0 && age < rememberMs ? String(failure.reason) : undefined;
  } catch {
    // Nothing remembered.
    return undefined;
  }
}

/** @param {string} text */
function firstLine(text) {
  return text.trim().split("\n").at(0)?.trim() ?? "";
}
