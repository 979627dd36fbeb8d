import { copyFile, mkdir, rename, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isDesksideError } from "@deskside/base";
import type { BundleResult } from "@deskside/contract";
import type { ImportedBundle } from "@deskside/model-library";
import type { Logger } from "../../log/logger.ts";
import type { SettingsService } from "../../settings/settings-service.ts";
import type { Attachments } from "../attachments/attachments.ts";
import type { CatalogueSource } from "../catalogue/catalogue-source.ts";
import { takeSettings } from "./travelling-settings.ts";

export interface TakeOverDeps {
  readonly attachments: Attachments;
  readonly settings: SettingsService;
  readonly catalogue: CatalogueSource;
  readonly licencesDir: string;
  readonly adaptersDir: string;
  readonly log: Logger;
}

type Taken = Pick<BundleResult, "models" | "already" | "settings" | "catalogue" | "skipped">;

/** What the store does not keep: licence texts, adapters, settings, the catalogue. What does not go through is said. */
export async function takeOver(imported: ImportedBundle, path: string, deps: TakeOverDeps): Promise<Taken> {
  const skipped: BundleResult["skipped"] = [];
  for (const model of imported.models) {
    for (const { name, path: from } of model.licences) await keepFile(from, join(deps.licencesDir, model.id, name));
    for (const adapter of model.adapters) {
      const source = join(deps.adaptersDir, adapter.sha256.slice(0, 16), adapter.name);
      await keepFile(adapter.path, source);
      if (!(await attach(deps, { modelId: model.id, source, scale: adapter.scale }))) {
        skipped.push({ what: adapter.name, reason: "adapter-unusable" });
      }
    }
  }
  const settings = imported.settings ? takeSettings(imported.settings, deps.settings) : { written: [], skipped: [] };
  const catalogue = await takeCatalogue(imported.catalogue, path, deps);
  return {
    models: imported.models.flatMap(({ id, already }) => (already ? [] : [id])),
    already: imported.models.flatMap(({ id, already }) => (already ? [id] : [])),
    settings: settings.written,
    catalogue: catalogue.date,
    skipped: [...skipped, ...settings.skipped, ...catalogue.skipped],
  };
}

/** Files with this name and content are the same; the store and the data directory can lie on two disks. */
async function keepFile(from: string, to: string): Promise<void> {
  const isThere = await stat(to).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, `${to}.part`);
  await rename(`${to}.part`, to);
}

async function attach(
  { attachments, log }: TakeOverDeps,
  adapter: { modelId: string; source: string; scale: number },
): Promise<boolean> {
  try {
    await attachments.attach({ ...adapter, kind: "adapter" });
    return true;
  } catch (error) {
    if (!isDesksideError(error)) throw error;
    log.warn({ err: error, source: adapter.source }, "an adapter of a bundle does not go with its model");
    return false;
  }
}

/** Its own signature counts, not that of the bundle. */
async function takeCatalogue(
  bytes: Buffer | null,
  path: string,
  { catalogue, log }: TakeOverDeps,
): Promise<{ date: string | null; skipped: BundleResult["skipped"] }> {
  if (bytes === null) return { date: null, skipped: [] };
  try {
    const { state, updated } = await catalogue.updateFrom(bytes, path);
    if (state === "updated") return { date: updated, skipped: [] };
    return { date: null, skipped: [{ what: "catalogue", reason: "catalogue-not-newer" }] };
  } catch (error) {
    if (!isDesksideError(error)) throw error;
    log.warn({ err: error, path }, "the catalogue of a bundle is not used");
    const reason = error.code === "CATALOGUE_OLDER" ? "catalogue-not-newer" : "catalogue-not-trusted";
    return { date: null, skipped: [{ what: "catalogue", reason }] };
  }
}
