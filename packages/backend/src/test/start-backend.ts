import { createRequire } from "node:module";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Contract } from "@deskside/contract";
import { type ContractClient, createClient, createPortPair } from "@deskside/rpc";
import { acquireDataDir, createKeyFileProvider } from "@deskside/storage";
import { type Backend, createBackend } from "../create-backend.ts";
import type { DocumentParser } from "@deskside/knowledge";
import { createSilentLogger } from "../log/logger.ts";
import { createTestSpawner, engineEntry } from "./test-spawner.ts";

const libraryEntry = pathToFileURL(createRequire(engineEntry).resolve("node-llama-cpp")).href;
const modelsDir = fileURLToPath(new URL("../../../../models", import.meta.url));

export interface TestBackend extends AsyncDisposable {
  readonly dataDir: string;
  readonly backend: Backend;
  readonly spawner: ReturnType<typeof createTestSpawner>;
  /** One more window. */
  connect(): ContractClient<Contract>;
}

/** A real backend with real engines over a data directory of its own. */
export async function startBackend(
  options: {
    dataDir?: string;
    policy?: Record<string, unknown>;
    spawner?: ReturnType<typeof createTestSpawner>;
    parser?: DocumentParser;
  } = {},
): Promise<TestBackend> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "deskside-backend-"));
  const lease = await acquireDataDir(dataDir, { pid: process.pid });
  const spawner = options.spawner ?? createTestSpawner();
  const backend = await createBackend({
    ...{ dataDir, modelsDir, spawner, log: createSilentLogger() },
    keyProvider: createKeyFileProvider(dataDir),
    shell: "server",
    libraryEntry,
    ...{ readerResources: null, indexScript: null },
    ...(options.parser ? { parser: options.parser } : {}),
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
