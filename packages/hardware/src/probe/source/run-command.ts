import { type ChildProcess, spawn } from "node:child_process";
import { type CommandResult, longestCommandMs, longestOutputBytes } from "./probe-source.ts";

export interface RunOptions {
  readonly limitMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** Windows looks for a program in the current folder first; a folder of the system keeps strangers out. */
  readonly cwd?: string | undefined;
}

/**
 * Runs a program without a shell in the C locale and collects what it prints. At the limit (3 s), or when the signal
 * aborts, it is killed with its children. Rejects only with `signal.reason`.
 */
export function runCommand(program: string, args: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
  const { limitMs = longestCommandMs, signal, cwd } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const child = startGroup(program, args, cwd);
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      child.stdout?.destroy();
      child.stderr?.destroy();
      settle();
    };
    const onAbort = () => {
      killGroup(child);
      finish(() => reject(signal?.reason as Error));
    };
    const timer = setTimeout(() => {
      killGroup(child);
      finish(() => resolve({ status: "timed-out" }));
    }, limitMs);
    signal?.addEventListener("abort", onAbort, { once: true });
    // No program, no permission, no room for a process: for a probe it is all "not there".
    child.once("error", () => finish(() => resolve({ status: "missing" })));
    child.once("close", (code) =>
      finish(() => resolve({ status: "done", exitCode: code ?? -1, stdout: stdout(), stderr: stderr() })),
    );
  });
}

/** Starts a program as leader of a group of its own, so that `killGroup` reaches its children too. */
export function startGroup(program: string, args: readonly string[], cwd?: string): ChildProcess {
  return spawn(program, [...args], {
    shell: false,
    windowsHide: true,
    detached: process.platform !== "win32",
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, LC_ALL: "C", LANG: "C" },
    ...(cwd === undefined ? {} : { cwd }),
  });
}

export function killGroup(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  if (process.platform === "win32") {
    spawn("taskkill", ["/PID", String(pid), "/T", "/F"], { stdio: "ignore", windowsHide: true }).once("error", () =>
      child.kill("SIGKILL"),
    );
    return;
  }
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function collect(stream: ChildProcess["stdout"]): () => string {
  const chunks: Buffer[] = [];
  let left = longestOutputBytes;
  stream?.on("data", (chunk: Buffer) => {
    if (left > 0) chunks.push(chunk.subarray(0, left));
    left -= chunk.length;
  });
  return () => Buffer.concat(chunks).toString("utf8");
}
