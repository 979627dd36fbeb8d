import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ProcessSpawner, SpawnedChild } from "@deskside/contract/shell";

/** Starts the real parser process from its sources; remembers what it started. */
export function createParserSpawner(
  entry = "./parser-child.ts",
): ProcessSpawner & { readonly started: SpawnedChild[] } {
  const started: SpawnedChild[] = [];
  return {
    started,
    async spawn(_kind, { env, args }) {
      const child = fork(fileURLToPath(new URL(entry, import.meta.url)), args, {
        env: { ...process.env, ...env },
        execArgv: [],
        serialization: "advanced",
        stdio: ["ignore", "ignore", "pipe", "ipc"],
      });
      let tail = "";
      child.stderr?.on("data", (chunk: Buffer) => {
        tail = (tail + chunk.toString("utf8")).slice(-8192);
      });
      const exited = new Promise<{ exitCode: number | null; signal: string | null }>((resolve) => {
        child.once("close", (exitCode, signal) => resolve({ exitCode, signal }));
      });
      const spawned: SpawnedChild = {
        pid: child.pid,
        exited,
        stderrTail: () => tail,
        kill: () => void child.kill("SIGKILL"),
        port: {
          postMessage: (data) => void child.send(data as object, () => undefined),
          onMessage: (listener) => void child.on("message", listener),
          onClose: (listener) => void child.once("disconnect", listener),
          close: () => child.disconnect(),
        },
      };
      started.push(spawned);
      return spawned;
    },
  };
}
