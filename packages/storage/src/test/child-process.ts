import { type ChildProcess, spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { rolldown } from "rolldown";

const driver = "better-sqlite3-multiple-ciphers";

/**
 * Makes one file of a child's sources in this folder, so that hundreds of short-lived children start quickly: half of
 * what a start costs is finding and stripping the sources. Returns its path.
 */
export async function bundleChild(fileName: string, folder: string): Promise<string> {
  const bundle = await rolldown({ input: join(import.meta.dirname, fileName), platform: "node", external: [driver] });
  const file = join(folder, fileName.replace(/\.ts$/, ".mjs"));
  await bundle.write({ file, format: "esm", paths: { [driver]: import.meta.resolve(driver) } });
  await bundle.close();
  return file;
}

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

/** Runs a bundled child in a process of its own. */
export function startChild(bundle: string, args: readonly string[]): TestChild {
  const child = spawn(process.execPath, [bundle, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_COMPILE_CACHE: join(dirname(bundle), "compile-cache"), NODE_OPTIONS: "" },
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
