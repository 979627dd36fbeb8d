import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Contract } from "@deskside/contract";
import type { ChildExit, ProcessSpawner } from "@deskside/contract/shell";
import { type ContractClient, createClient, createPortPair } from "@deskside/rpc";
import { portFromChild } from "@deskside/rpc/node";
import { acquireDataDir, createKeyFileProvider } from "@deskside/storage";
import { type Backend, createBackend } from "../create-backend.ts";
import { createSilentLogger } from "../log/logger.ts";

const engineEntry = fileURLToPath(new URL("../../../engine/src/test/engine-child.ts", import.meta.url));
const modelsDir = fileURLToPath(new URL("../../../../models", import.meta.url));

/** Children of the real kind, kept so that a test can kill them. */
export function createTestSpawner(entry = engineEntry): ProcessSpawner & { readonly children: ChildProcess[] } {
  const children: ChildProcess[] = [];
  return {
    children,
    async spawn(_kind, options) {
      const child = fork(entry, options.args, {
        env: { ...options.env, PATH: process.env["PATH"] ?? "" },
        serialization: "advanced",
        stdio: ["ignore", "ignore", "pipe", "ipc"],
      });
      children.push(child);
      let tail = "";
      child.stderr?.setEncoding("utf8").on("data", (text: string) => {
        tail = (tail + text).slice(-4096);
      });
      const exited = new Promise<ChildExit>((resolve) => {
        child.once("exit", (exitCode, signal) => resolve({ exitCode, signal }));
      });
      return {
        pid: child.pid,
        port: portFromChild(child),
        exited,
        stderrTail: () => tail,
        kill: () => void child.kill("SIGKILL"),
      };
    },
  };
}

export interface TestBackend extends AsyncDisposable {
  readonly dataDir: string;
  readonly backend: Backend;
  readonly spawner: ReturnType<typeof createTestSpawner>;
  /** One more window. */
  connect(): ContractClient<Contract>;
}

/** A real backend with real engines over a data directory of its own. */
export async function startBackend(
  options: { dataDir?: string; policy?: Record<string, unknown>; spawner?: ReturnType<typeof createTestSpawner> } = {},
): Promise<TestBackend> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "deskside-backend-"));
  const lease = await acquireDataDir(dataDir, { pid: process.pid });
  const spawner = options.spawner ?? createTestSpawner();
  const backend = await createBackend({
    ...{ dataDir, modelsDir, spawner, log: createSilentLogger() },
    keyProvider: createKeyFileProvider(dataDir),
    shell: "server",
    versions: { deskside: "0.0.0", node: process.versions.node, electron: null, engineLibrary: "0.0.0" },
    ...(options.policy ? { policy: options.policy } : {}),
  });
  return {
    ...{ dataDir, backend, spawner },
    connect() {
      const [mine, theirs] = createPortPair();
      backend.serve(theirs);
      return createClient<Contract>(mine, { peer: "backend" });
    },
    async [Symbol.asyncDispose]() {
      await backend[Symbol.asyncDispose]();
      lease[Symbol.dispose]();
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
