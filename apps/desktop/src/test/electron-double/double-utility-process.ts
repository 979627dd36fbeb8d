import { type ChildProcess, fork } from "node:child_process";
import { EventEmitter } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ForkOptions } from "electron";
import { closePortsOf, type DoublePort, fromChild, handToChild, type PortMessage } from "./double-ports.ts";

const buildConfig = join(import.meta.dirname, "..", "..", "..", "..", "..", "electron-builder.yml");

/** The fuse as the package is built with it: the double behaves as what is shipped would. */
export function runAsNodeFuse(): boolean {
  const found = readFileSync(buildConfig, "utf8").match(/^\s+runAsNode:\s*(true|false)\s*$/m)?.[1];
  if (found === undefined) throw new Error("electron-builder.yml does not set the runAsNode fuse");
  return found === "true";
}

/** Every process that was started, for the tests' questions about what is left. */
export const startedProcesses: { file: string; process: DoubleUtilityProcess }[] = [];

/** UtilityProcess on a real child process. */
export class DoubleUtilityProcess extends EventEmitter {
  readonly #child: ChildProcess;
  readonly stdout;
  readonly stderr;
  pid: number | undefined;

  constructor(file: string, args: string[], options: ForkOptions) {
    super();
    const stdio = typeof options.stdio === "string" ? [options.stdio, options.stdio, options.stdio] : options.stdio;
    const preload = new URL(`./double-child.ts?runAsNode=${runAsNodeFuse()}`, import.meta.url).href;
    this.#child = fork(file, args, {
      env: options.env as NodeJS.ProcessEnv,
      execArgv: ["--import", preload],
      serialization: "advanced",
      stdio: ["ignore", stdio?.[1] ?? "inherit", stdio?.[2] ?? "inherit", "ipc"] as ("ignore" | "pipe" | "ipc")[],
    });
    this.stdout = this.#child.stdout;
    this.stderr = this.#child.stderr;
    this.#child.once("spawn", () => {
      this.pid = this.#child.pid;
      this.emit("spawn");
    });
    this.#child.on("message", (message: PortMessage | { kind: "message"; data: unknown }) => {
      if (message.kind === "message") this.emit("message", message.data);
      else fromChild(this.#child, message);
    });
    this.#child.once("close", (code) => {
      this.pid = undefined;
      closePortsOf(this.#child);
      this.emit("exit", code ?? 9);
    });
    startedProcesses.push({ file, process: this });
  }

  postMessage(data: unknown, ports: readonly DoublePort[] = []): void {
    const child = this.#child;
    handToChild(ports, child, (ids) => {
      if (child.connected) child.send({ kind: "message", data: structuredClone(data), ports: ids }, () => undefined);
    });
  }

  kill(): boolean {
    return this.#child.kill("SIGTERM");
  }
}

export const utilityProcess = {
  fork: (file: string, args: string[] = [], options: ForkOptions = {}) => new DoubleUtilityProcess(file, args, options),
};
