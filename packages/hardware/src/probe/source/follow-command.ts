import type { ChildProcess } from "node:child_process";
import { createDeferred } from "@deskside/base";
import type { FollowedCommand } from "./probe-source.ts";
import { killGroup, startGroup } from "./run-command.ts";

const longestLine = 64 * 1024;

/**
 * Starts the first of `programs` that exists and gives every line it prints. On Linux it runs under `stdbuf -oL` where
 * that is installed: a program whose output is a pipe would else keep lines back until it has some kilobytes.
 */
export function followCommand(
  programs: Promise<readonly string[]>,
  args: readonly string[],
  onLine: (line: string) => void,
  cwd?: string,
): FollowedCommand {
  const { promise: ended, resolve } = createDeferred<void>();
  let stopped = false;
  let child: ChildProcess | null = null;
  const startFirst = (left: readonly (readonly string[])[]): void => {
    const [first, ...others] = left;
    const program = first?.[0];
    if (stopped || !first || program === undefined) return resolve();
    child = startGroup(program, [...first.slice(1), ...args], cwd);
    child.stderr?.resume();
    if (child.stdout) splitLines(child.stdout, onLine);
    let missing = false;
    child.once("error", () => {
      missing = true;
      startFirst(others);
    });
    // 125–127: stdbuf is there, the program behind it is not.
    child.once("close", (code) => {
      if (missing) return;
      if (first.length > 1 && code !== null && code >= 125 && code <= 127) startFirst(others);
      else resolve();
    });
  };
  const start = async () => {
    const names = await programs;
    startFirst(names.flatMap((name) => (process.platform === "linux" ? [["stdbuf", "-oL", name], [name]] : [[name]])));
  };
  start().catch(() => resolve());
  return {
    ended,
    stop() {
      stopped = true;
      if (child && child.exitCode === null && child.signalCode === null) killGroup(child);
    },
  };
}

function splitLines(stream: NonNullable<ChildProcess["stdout"]>, onLine: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    const lines = (rest + chunk).split(/\r?\n/);
    rest = (lines.pop() ?? "").slice(0, longestLine);
    for (const line of lines) onLine(line);
  });
}
