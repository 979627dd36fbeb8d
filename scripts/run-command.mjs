// Starts other programs: with a time limit for steps, or in the foreground with signals passed on.
import { spawn } from "node:child_process";
import { constants } from "node:os";

const killAfterMs = 15_000;

/**
 * Runs a program to its end. It never asks anything (no stdin), and it cannot outlive its limit: past `timeoutMs`
 * the program and everything it started are ended.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{
 *   cwd?: string,
 *   env?: NodeJS.ProcessEnv,
 *   timeoutMs: number,
 *   output: "collect" | "inherit" | "stderr",
 *   shell?: boolean,
 * }} options `output`: "collect" returns stdout and stderr together, "stderr" sends both there, as they come
 * @returns {Promise<{ code: number, output: string, timedOut: boolean }>} a program that cannot be started has code 127
 */
export function runCommand(command, args, options) {
  const stdio =
    options.output === "collect"
      ? /** @type {const} */ (["ignore", "pipe", "pipe"])
      : /** @type {const} */ (["ignore", options.output === "stderr" ? 2 : "inherit", "inherit"]);
  const child = spawn(command, [...args], {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: [...stdio],
    shell: options.shell ?? false,
    // A group of its own, so that a limit ends grandchildren too.
    detached: process.platform !== "win32",
    windowsHide: true,
  });
  return new Promise((resolve) => {
    /** @type {Buffer[]} */
    const chunks = [];
    let timedOut = false;
    const stop = () => endGroup(child);
    const stopAndLeave = (/** @type {NodeJS.Signals} */ signal) => {
      stop();
      process.exit(exitCodeOf(null, signal));
    };
    const timer = setTimeout(() => {
      timedOut = true;
      stop();
    }, options.timeoutMs);
    for (const signal of passedOn) process.once(signal, stopAndLeave);
    const finish = (/** @type {number} */ code, extra = "") => {
      clearTimeout(timer);
      for (const signal of passedOn) process.removeListener(signal, stopAndLeave);
      resolve({ code: timedOut ? 124 : code, output: Buffer.concat(chunks).toString("utf8") + extra, timedOut });
    };
    child.stdout?.on("data", (chunk) => chunks.push(chunk));
    child.stderr?.on("data", (chunk) => chunks.push(chunk));
    child.once("error", (error) => finish(127, error.message));
    child.once("close", (code, signal) => finish(exitCodeOf(code, signal)));
    // A grandchild that keeps the pipe open must not keep this waiting for ever.
    child.once("exit", (code, signal) => setTimeout(() => finish(exitCodeOf(code, signal)), 2_000).unref());
  });
}

const passedOn = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);

/** @param {import("node:child_process").ChildProcess} child */
function endGroup(child) {
  if (child.pid === undefined) return;
  if (process.platform === "win32") {
    spawn("taskkill", ["/pid", String(child.pid), "/T", "/F"], { stdio: "ignore", windowsHide: true });
    return;
  }
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL");
  }
}

/**
 * Runs a program in the foreground in this one's place: same terminal, signals passed on, same end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, onOutput?: (text: string) => void }} [options]
 *   `onOutput` sees what the program prints on stdout, which is printed all the same
 * @returns {Promise<number>} its exit code; 128 + the signal's number when a signal ended it
 */
export function runInForeground(command, args, options = {}) {
  const { onOutput } = options;
  const child = spawn(command, [...args], {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ["inherit", onOutput ? "pipe" : "inherit", "inherit"],
  });
  child.stdout?.on("data", (chunk) => {
    process.stdout.write(chunk);
    onOutput?.(String(chunk));
  });
  /** @type {NodeJS.Timeout | undefined} */
  let deadline;
  const pass = (/** @type {NodeJS.Signals} */ signal) => {
    // Ctrl C at a terminal reaches the child too, as a member of the same group: a second one would mean "at once".
    if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    deadline ??= setTimeout(() => child.kill("SIGKILL"), killAfterMs);
  };
  for (const signal of passedOn) process.on(signal, pass);
  return new Promise((resolve, reject) => {
    const done = () => {
      clearTimeout(deadline);
      for (const signal of passedOn) process.removeListener(signal, pass);
    };
    child.once("error", (error) => {
      done();
      reject(error);
    });
    child.once("close", (code, signal) => {
      done();
      resolve(exitCodeOf(code, signal));
    });
  });
}

/**
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
export function exitCodeOf(code, signal) {
  if (code !== null) return code;
  return 128 + (signal ? constants.signals[signal] : 0);
}
