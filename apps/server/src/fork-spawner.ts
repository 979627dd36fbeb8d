import { type ChildProcess, fork } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { deskError } from "@deskside/contract";
import type { ChildKind, ProcessSpawner, SpawnOptions } from "@deskside/contract/shell";
import { describeForkedChild } from "@deskside/rpc/node";

/** What the system needs to start a process at all; everything else of the environment stays here. */
const inherited = [
  "PATH",
  "HOME",
  "TMPDIR",
  "TEMP",
  "TMP",
  "SystemRoot",
  "windir",
  "LD_LIBRARY_PATH",
  "DYLD_LIBRARY_PATH",
];

/** Children of the headless server: plain Node processes. */
export function createForkSpawner(): ProcessSpawner & { readonly pids: number[] } {
  const live = new Set<number>();
  return {
    get pids() {
      return [...live];
    },
    async spawn(kind, options) {
      const child = fork(entryOf(kind), options.args, {
        env: environment(options),
        execArgv: [],
        serialization: "advanced",
        stdio: ["ignore", "ignore", "pipe", "ipc"],
      });
      await started(child);
      if (child.pid !== undefined) live.add(child.pid);
      child.once("exit", () => child.pid !== undefined && live.delete(child.pid));
      return describeForkedChild(child);
    },
  };
}

function entryOf(kind: ChildKind): string {
  if (kind !== "engine" && kind !== "parser") throw deskError("UNSUPPORTED", { feature: `${kind} process` });
  const found = [`./${kind}.js`, `./${kind}.ts`]
    .map((name) => fileURLToPath(new URL(name, import.meta.url)))
    .find(existsSync);
  if (!found) throw deskError("ENGINE_START_FAILED", { detail: `the program file of the ${kind} process is missing` });
  return found;
}

function environment(options: SpawnOptions): Record<string, string> {
  const env: Record<string, string> = {};
  for (const name of inherited) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return { ...env, ...options.env };
}

function started(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (error) =>
      reject(deskError("ENGINE_START_FAILED", { detail: error.message }, { cause: error })),
    );
  });
}
