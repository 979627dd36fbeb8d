import { isAbsolute, join } from "node:path";
import type {
  bundleExportSchema,
  BundleInspection,
  BundleJob,
  BundleResult,
  bundleImportSchema,
} from "@deskside/contract";
import { deskError } from "@deskside/contract";
import {
  assertBundleRoom,
  assertRoom,
  type BundleSigner,
  createBundleSigner,
  importBundle,
  type ImportPlan,
  type OpenBundle,
  openBundle,
  parseFingerprint,
  planImport,
  writeBundle,
} from "@deskside/model-library";
import { localUser } from "@deskside/storage";
import type { z } from "zod";
import type { EventHub } from "../../system/event-hub.ts";
import { type BundleJobs, createBundleJobs, type JobWork } from "./bundle-jobs.ts";
import { type CollectDeps, collectParts } from "./collect-parts.ts";
import { takeOver, type TakeOverDeps } from "./take-over.ts";

type BundleDeps = CollectDeps &
  TakeOverDeps & {
    /** 32 bytes that belong to this installation alone. */
    readonly seed: () => Promise<Uint8Array>;
    readonly events: EventHub;
  };
type Options = { readonly signal?: AbortSignal };

/** Bundles for computers without a network, as the contract's `library.bundle` promises them. */
export interface BundleService extends AsyncDisposable, Pick<BundleJobs, "list" | "watch" | "cancel"> {
  fingerprint(): Promise<string>;
  inspect(path: string): Promise<BundleInspection>;
  export(wish: z.output<typeof bundleExportSchema>, options?: Options): Promise<BundleJob>;
  import(wish: z.output<typeof bundleImportSchema>, options?: Options): Promise<BundleJob>;
}

const ending = ".deskside-bundle";

export function createBundleService(deps: BundleDeps): BundleService {
  const jobs = createBundleJobs({ now: deps.now, log: deps.log });
  let made: Promise<BundleSigner> | null = null;
  const signer = () => (made ??= deps.seed().then(createBundleSigner));
  const { list, watch, cancel } = jobs;
  return {
    ...{ list, watch, cancel },
    fingerprint: async () => (await signer()).fingerprint,
    async inspect(path) {
      await using bundle = await openBundle(absolute(path));
      return describe(bundle, await planOf(bundle, deps), await trustOf(bundle, deps, signer));
    },
    async export(wish, { signal } = {}) {
      const asked = absolute(wish.path);
      const path = asked.endsWith(ending) ? asked : `${asked}${ending}`;
      const { parts, settings, skipped } = await collectParts(wish, deps, signal);
      await assertBundleRoom(path, parts);
      const own = await signer();
      const { fingerprint } = own;
      const totalBytes = parts.contents.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      return jobs.start({ kind: "export", path, fingerprint, totalBytes }, async (options) => ({
        ...{ path, fingerprint, models: [...wish.models], already: [], skipped: [...skipped] },
        ...{ settings: [...settings], catalogue: parts.catalogue },
        bundleBytes: await writeBundle(path, parts, own, options),
      }));
    },
    async import({ path, trust }) {
      await using stack = new AsyncDisposableStack();
      const bundle = stack.use(await openBundle(absolute(path)));
      const known = await trustOf(bundle, deps, signer);
      const confirmed = trust === null ? known.own || known.trusted : parseFingerprint(trust) === bundle.fingerprint;
      if (!confirmed) throw deskError("BUNDLE_NOT_TRUSTED", { path, fingerprint: bundle.fingerprint });
      const plan = await planOf(bundle, deps);
      assertRoom(plan);
      const held = stack.move();
      const work = importWork(bundle, plan, deps);
      const totalBytes = bundle.manifest.entries.reduce((sum, { bytes }) => sum + bytes, 0);
      return jobs.start({ kind: "import", path, fingerprint: bundle.fingerprint, totalBytes }, async (options) => {
        await using _bundle = held;
        const result = await work(options);
        if (!known.own && !known.trusted) remember(bundle.fingerprint, deps);
        return result;
      });
    },
    [Symbol.asyncDispose]: () => jobs[Symbol.asyncDispose](),
  };
}

function importWork(bundle: OpenBundle, plan: ImportPlan, deps: BundleDeps): JobWork {
  return async (options) => {
    const take = (imported: Parameters<typeof takeOver>[0]) => takeOver(imported, bundle.path, deps);
    const taken = await importBundle(bundle, plan, { store: deps.store, takeOver: take }, options);
    deps.events.publish({ type: "models" });
    const unknown = plan.unknown.map(({ role }) => ({ what: role, reason: "unknown-role" as const }));
    const { path, fingerprint, bundleBytes } = bundle;
    return { ...taken, path, fingerprint, bundleBytes, skipped: [...taken.skipped, ...unknown] } satisfies BundleResult;
  };
}

function absolute(path: string): string {
  if (isAbsolute(path)) return path;
  throw deskError("INVALID_INPUT", { issues: [{ path: "path", message: "must be an absolute path" }] });
}

/** By content: a model of the store, or one that came with this version. */
async function planOf(bundle: OpenBundle, { library, store }: BundleDeps): Promise<ImportPlan> {
  const manifests = new Map((await library.manifests()).map(({ sha256, id }) => [sha256, id]));
  const usable = new Set((await library.list()).filter(({ problem }) => problem === null).map(({ id }) => id));
  return await planImport(bundle, store, async (hashes) => {
    const builtIn = hashes.length === 1 ? manifests.get(hashes[0] ?? "") : undefined;
    if (builtIn !== undefined && usable.has(builtIn)) return builtIn;
    return (await store.findByContent(hashes))?.id ?? null;
  });
}

async function trustOf(
  { fingerprint }: OpenBundle,
  { settings }: BundleDeps,
  signer: () => Promise<BundleSigner>,
): Promise<{ own: boolean; trusted: boolean }> {
  const own = (await signer()).fingerprint === fingerprint;
  return { own, trusted: settings.get(localUser, "library.trustedBundles").includes(fingerprint) };
}

function remember(fingerprint: string, { settings, log }: BundleDeps): void {
  const before = settings.get(localUser, "library.trustedBundles");
  if (before.includes(fingerprint)) return;
  try {
    settings.set(localUser, "library.trustedBundles", [...before, fingerprint].slice(-mostTrusted));
  } catch (error) {
    // The organisation may fix the list: the import was confirmed all the same, and is asked about again.
    log.warn({ err: error, fingerprint }, "a confirmed fingerprint could not be remembered");
  }
}

const mostTrusted = 100;

function describe(bundle: OpenBundle, plan: ImportPlan, trust: { own: boolean; trusted: boolean }): BundleInspection {
  const { path, manifest, fingerprint, bundleBytes } = bundle;
  const sizes = new Map(manifest.entries.map(({ sha256, bytes }) => [sha256, bytes]));
  return {
    ...{ path, fingerprint, bundleBytes, ...trust, createdAt: manifest.createdAt, madeWith: manifest.madeWith },
    models: plan.models.map(({ model, present }) => ({
      ...{ name: model.name, role: model.role, quantization: model.quantization, licence: model.licence },
      sizeBytes: model.files.reduce((sum, { sha256 }) => sum + (sizes.get(sha256) ?? 0), 0),
      ...{ adapters: model.adapters.length, present: present !== null },
    })),
    ...{ settings: manifest.settings, catalogue: manifest.catalogue, unknown: [...plan.unknown] },
    ...{ neededBytes: plan.neededBytes, freeBytes: plan.freeBytes },
  };
}

/** Where licence texts and adapters of bundles lie. */
export function bundleFolders(dataDir: string): Pick<BundleDeps, "licencesDir" | "adaptersDir"> {
  return { licencesDir: join(dataDir, "licences"), adaptersDir: join(dataDir, "adapters") };
}
