// `npm start`: installs and builds what is missing, then opens Deskside: as a desktop window where Electron's
// runtime is there or can be fetched, otherwise as a server whose page opens in a window of its own or is printed.
//
//   npm start -- --server     the server, without looking for Electron
//   DESKSIDE_NO_CUDA=1        fetches no CUDA engine where an NVIDIA GPU could use one
//   npm start -- --desktop    tries again to fetch Electron and waits for a slow download
//
// What else is given goes to the server (`npm start -- --server --port 4000`).
import { join } from "node:path";
import { buildApps } from "./build.mjs";
import { bringCuda } from "./engine-binaries/bring-cuda.mjs";
import { installDependencies, pinnedNode, root } from "./install-dependencies.mjs";
import { findAddress, openAppWindow } from "./open/app-window.mjs";
import { getElectronRuntime } from "./open/electron-runtime.mjs";
import { findBrowser, hasDisplay } from "./open/find-browser.mjs";
import { runInForeground } from "./run-command.mjs";

const ownFlags = ["--server", "--desktop"];
const given = process.argv.slice(2);
const say = (/** @type {string} */ line) => console.log(line);

try {
  await installDependencies({ say, output: "inherit" });
  await bringCuda({ say, node: pinnedNode });
  const electron = await chooseElectron();
  process.exitCode = "path" in electron ? await startDesktop(electron.path) : await startServer(electron.missing);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** @returns {Promise<{ path: string } | { missing: string }>} */
async function chooseElectron() {
  if (given.includes("--server")) return { missing: "--server was asked for" };
  if (!hasDisplay()) return { missing: "there is no display" };
  if (process.getuid?.() === 0 && process.platform === "linux")
    return { missing: "Electron's sandbox does not run as root" };
  return getElectronRuntime({
    packageFolder: join(root, "apps/desktop/node_modules/electron"),
    memoryFile: join(root, ".cache/electron-not-fetched.json"),
    node: pinnedNode,
    patient: given.includes("--desktop"),
    say,
  });
}

/** @param {string} electron */
async function startDesktop(electron) {
  await buildApps(["desktop"], { say, output: "inherit" });
  const env = { ...process.env };
  delete env["ELECTRON_RUN_AS_NODE"];
  return runInForeground(electron, [join(root, "apps/desktop")], { env });
}

/** @param {string} reason */
async function startServer(reason) {
  await buildApps(["server"], { say, output: "inherit" });
  say(`No desktop window (${reason}): starting the server.`);
  const browser = hasDisplay() ? findBrowser() : undefined;
  let printed = "";
  /** @type {(() => void) | undefined} */
  let closeWindow;
  const openOnce = (/** @type {string} */ text) => {
    if (!browser || closeWindow) return;
    printed += text;
    const address = findAddress(printed);
    if (!address) return;
    closeWindow = openAppWindow(browser, address, join(root, ".cache/app-window"), (error) =>
      say(`The window could not be opened (${error.message}): open the address above in a browser.`),
    );
  };
  const serverArguments = given.filter((argument) => !ownFlags.includes(argument));
  try {
    const server = [join(root, "apps/server/out/cli.js"), "serve", ...serverArguments];
    return await runInForeground(pinnedNode, server, { onOutput: openOnce });
  } finally {
    closeWindow?.();
  }
}
