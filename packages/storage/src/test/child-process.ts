import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Node keeps what it compiled here, so that hundreds of short-lived children start quickly. */
const compileCache = join(tmpdir(), "deskside-storage-test-compile-cache");

export interface TestChild {
  readonly process: ChildProcess;
  /** Complete lines of stdout so far. */
  readonly lines: string[];
  readonly exited: Promise<{ code: number | null; signal: string | null }>;
  /** Resolves with the first line that starts so; rejects when the child ends without it. */
  lineStarting(prefix: string): Promise<string>;
  /** Resolves when stdout has that many lines; rejects when the child ends before. */
  linesReached(count: number): Promise<void>;
  kill(): void;
}

/** Runs a TypeScript file of this folder in a process of its own. */
export function startChild(fileName: string, args: readonly string[]): TestChild {
  mkdirSync(compileCache, { recursive: true });
  const child = spawn(process.execPath, [join(import.meta.dirname, fileName), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache, NODE_OPTIONS: "" },
  });
  const lines: string[] = [];
  let rest = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts);
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (errors = (errors + chunk).slice(-4000)));
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal }));
  });
  const whenSaid = <T>(look: () => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const tryNow = () => {
        const found = look();
        if (found !== undefined) resolve(found);
        return found !== undefined;
      };
      if (tryNow()) return;
      child.stdout.on("data", tryNow);
      void exited.then((exit) => tryNow() || reject(new Error(`ended with ${JSON.stringify(exit)}: ${errors}`)));
    });
  return {
    process: child,
    lines,
    exited,
    lineStarting: (prefix) => whenSaid(() => lines.find((line) => line.startsWith(prefix))),
    linesReached: async (count) => void (await whenSaid(() => (lines.length >= count ? true : undefined))),
    kill: () => void child.kill("SIGKILL"),
  };
}
