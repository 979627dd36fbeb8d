import { type Clock, systemClock } from "@deskside/base";
import type { SystemInfo } from "@deskside/contract";
import type { KeyProvider, ProcessSpawner } from "@deskside/contract/shell";
import { createServer, type PortLike } from "@deskside/rpc";
import { localUser, type Principal } from "@deskside/storage";
import { createBackendRouter } from "./backend-router.ts";
import type { BackendContext, BackendServices } from "./backend-services.ts";
import { createServices } from "./create-services.ts";
import { preload } from "./engines/warm/preload.ts";
import type { DocumentParser } from "@deskside/knowledge";
import type { Logger } from "./log/logger.ts";
import { openStore } from "./open-store.ts";
import type { SettingsPolicy } from "./settings/settings-service.ts";

export interface BackendOptions {
  /** Owned by the caller: its lease is held before this is called. */
  dataDir: string;
  modelsDir: string;
  /** Public keys that may sign catalogues; default: `resources/trust` beside the folder of models. */
  trustDir?: string;
  keyProvider: KeyProvider;
  spawner: ProcessSpawner;
  shell: SystemInfo["shell"];
  versions: { deskside: string; node: string; electron: string | null; engineLibrary: string };
  /** `import.meta.resolve("node-llama-cpp")` of the app: the engine's programs lie beside it. */
  libraryEntry: string;
  /** Folder with character maps, fonts and OCR data for reading documents; null: they are read without. */
  readerResources: string | null;
  /** Script of the index's thread; null: it runs on this one. */
  indexScript: URL | null;
  /** In place of reading in processes; for tests. */
  parser?: DocumentParser;
  log: Logger;
  policy?: SettingsPolicy;
  clock?: Clock;
  /** Loads the model that would answer first, before anybody asks. For processes that stay. */
  preload?: boolean;
  /** Processes whose sockets count, with their children; default: this process. */
  rootPids?: () => number[];
}

export interface Backend extends AsyncDisposable {
  readonly services: BackendServices;
  /** Serves the contract over one more port until it closes. */
  serve(port: PortLike, principal?: Principal): void;
  /** The machine woke up: graphics devices can be gone. */
  resume(): void;
}

/** Opens the store and everything that stands on it. Throws KEY_UNAVAILABLE, DATABASE_UNREADABLE, DATA_DIR_UNUSABLE, DISK_FULL. */
export async function createBackend(options: BackendOptions): Promise<Backend> {
  const { log } = options;
  const clock = options.clock ?? systemClock;
  await using stack = new AsyncDisposableStack();
  const workspace = await openStore({ ...options, clock });
  stack.defer(() => workspace.close());
  const services = await createServices({ ...options, clock, workspace }, stack);
  if (options.preload) services.hardware.measureAfter(preload(services));
  const server = createServer<BackendContext>(createBackendRouter(services), {
    report: (error, incident) => log.error({ err: error, incident }, "unexpected failure"),
  });
  const owned = stack.move();
  return {
    services,
    serve: (port, principal = localUser) => server.serve(port, { principal }),
    resume: () =>
      void services.hardware.refresh().catch((error: unknown) => log.warn({ err: error }, "detection failed")),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
