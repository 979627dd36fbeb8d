// Opens the address of a running server as a window of its own, with a browser of the Chromium family.
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";

/**
 * The profile is Deskside's own: no extension of the user's reads along, nothing is synchronised, and the window
 * can be closed together with the server.
 * @param {string} browser
 * @param {string} address
 * @param {string} profileFolder
 * @param {(error: Error) => void} onFailure
 * @returns {() => void} closes the window
 */
export function openAppWindow(browser, address, profileFolder, onFailure) {
  mkdirSync(profileFolder, { recursive: true, mode: 0o700 });
  const flags = [
    `--app=${address}`,
    `--user-data-dir=${profileFolder}`,
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // Chromium refuses to start as root with its sandbox; the page is Deskside's own and nothing else is opened in it.
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
  ];
  const child = spawn(browser, flags, { stdio: "ignore" });
  child.once("error", onFailure);
  return () => void child.kill();
}

/**
 * The first address of this machine in what a server prints.
 * @param {string} text
 * @returns {string | undefined}
 */
export function findAddress(text) {
  return /https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):\d+\/[^\s"'<>]*(?=\s)/.exec(text)?.[0];
}
