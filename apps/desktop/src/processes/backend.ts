import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createBackend, createLogger, installedVersion } from "@deskside/backend";
import { startWebHost } from "@deskside/backend/web-host";
import { DesksideError } from "@deskside/base";
import type { KeyProvider, ProcessSpawner } from "@deskside/contract/shell";
import { acquireDataDir, createKeyFileProvider } from "@deskside/storage";
import type { BackendStart } from "../messages/backend-messages.ts";
import { type HostedBackend, runBackendProcess } from "./backend-process.ts";

runBackendProcess(process.parentPort, open);

/** Owns the data directory, opens the store and lets commands on this computer in through a loopback address. */
async function open(start: BackendStart, spawner: ProcessSpawner): Promise<HostedBackend> {
  const { dataDir, modelsDir, versions } = start;
  await using stack = new AsyncDisposableStack();
  const lease = stack.use(await acquireDataDir(dataDir, { pid: process.pid }));
  const log = await createLogger(dataDir);
  const backend = stack.use(
    await createBackend({
      ...{ dataDir, modelsDir, spawner, log },
      ...besideThisFile(),
      trustDir: join(dirname(modelsDir), "resources", "trust"),
      keyProvider: keyProviderOf(start),
      shell: "desktop",
      libraryEntry: import.meta.resolve("node-llama-cpp"),
      preload: true,
      versions: { ...versions, engineLibrary: installedVersion("node-llama-cpp", import.meta.url) },
      // The shell and its windows hold sockets too: count from the process that started this one.
      rootPids: () => [process.ppid, process.pid],
    }),
  );
  const host = stack.use(
    await startWebHost({ host: "127.0.0.1", port: 0, pageDir: null, onPort: (port) => backend.serve(port) }),
  );
  lease.publish({ address: host.address, token: host.token });
  const owned = stack.move();
  return {
    serve: (port) => backend.serve(port),
    resume: () => backend.resume(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** What the build puts here; without a build, documents are read without OCR and the index shares this thread. */
function besideThisFile() {
  const resources = fileURLToPath(new URL("./reader-resources", import.meta.url));
  const script = new URL("./index-worker.js", import.meta.url);
  return {
    readerResources: existsSync(resources) ? resources : null,
    indexScript: existsSync(script) ? script : null,
  };
}

function keyProviderOf({ key, dataDir }: BackendStart): KeyProvider {
  if (key.from === "file") return createKeyFileProvider(dataDir);
  return {
    async getDataKey() {
      if (key.from === "nowhere") throw new DesksideError(key.error);
      return key.key;
    },
  };
}
