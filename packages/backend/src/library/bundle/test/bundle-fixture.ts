import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { systemClock } from "@deskside/base";
import type { BundleEvent, BundleJob } from "@deskside/contract";
import { createModelLibrary, createModelStore, type ModelStore } from "@deskside/model-library";
import { openWorkspace } from "@deskside/storage";
import { tinyLlama, writeGguf } from "@deskside/testing";
import { createSilentLogger } from "../../../log/logger.ts";
import {
  createSettingsService,
  type SettingsPolicy,
  type SettingsService,
} from "../../../settings/settings-service.ts";
import { createEventHub } from "../../../system/event-hub.ts";
import { type Attachments, createAttachments } from "../../attachments/attachments.ts";
import { createCatalogueSource } from "../../catalogue/catalogue-source.ts";
import { bundleFolders, type BundleService, createBundleService } from "../bundle-service.ts";

export interface Installation extends AsyncDisposable {
  readonly dataDir: string;
  readonly store: ModelStore;
  readonly settings: SettingsService;
  readonly attachments: Attachments;
  readonly bundles: BundleService;
  /** A file of its own in the data directory, used where it lies. */
  link(name: string, seed: number): Promise<string>;
}

/** What bundles need of an installation, with everything real but the models. */
export async function createInstallation(seed: number, policy: SettingsPolicy = {}): Promise<Installation> {
  const dataDir = await mkdtemp(join(tmpdir(), "deskside-installation-"));
  const modelsDir = join(dataDir, "built-in");
  await mkdir(modelsDir);
  const log = createSilentLogger();
  const events = createEventHub();
  const workspace = openWorkspace({ dataDir, dataKey: Buffer.alloc(32, seed), clock: systemClock, log });
  const settings = createSettingsService({ workspace, events, policy });
  const folders = [{ id: "main", path: join(dataDir, "models") }];
  const store = createModelStore({ folders, stateFile: join(dataDir, "models.json") });
  const library = createModelLibrary({ modelsDir, store });
  const attachments = createAttachments({ workspace, library, log, onChange: () => undefined });
  const builtInDir = fileURLToPath(new URL("../../../../../../models/catalogue", import.meta.url));
  const trustDir = join(dataDir, "trust");
  const catalogue = createCatalogueSource({ builtInDir, dataDir, trustDir, onChange: () => undefined, log });
  const bundles = createBundleService({
    ...{ library, store, attachments, settings, catalogue, events, log, version: "0.0.0", now: () => Date.now() },
    ...bundleFolders(dataDir),
    seed: async () => Buffer.alloc(32, seed),
  });
  return {
    ...{ dataDir, store, settings, attachments, bundles },
    async link(name, modelSeed) {
      const path = join(dataDir, name);
      await writeGguf(path, tinyLlama({ seed: modelSeed, name: `Tiny ${modelSeed}` }));
      return (await store.link(path))[0]?.id ?? "";
    },
    async [Symbol.asyncDispose]() {
      await bundles[Symbol.asyncDispose]();
      workspace.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export async function endOf(bundles: BundleService, job: BundleJob): Promise<BundleEvent> {
  for await (const event of bundles.watch(job.id)) if (event.type !== "progress") return event;
  throw new Error("it ended without an end");
}
