import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tinyLlama, writeGguf } from "@deskside/testing";
import { createModelStore } from "../../store/model-store.ts";
import { describeFile } from "../../store/test/store-fixture.ts";
import type { ModelStore } from "../../store/store-types.ts";
import { type BundleSigner, createBundleSigner } from "../bundle-signature.ts";
import { importBundle, type ImportedBundle, planImport } from "../import-bundle.ts";
import { openBundle } from "../open-bundle.ts";
import { type BundleParts, type CopyOptions, writeBundle } from "../write-bundle.ts";

export const settingsBytes = Buffer.from('{"general.theme":"dark"}');

export interface BundleFixture extends AsyncDisposable {
  readonly root: string;
  readonly path: string;
  readonly signer: BundleSigner;
  readonly store: ModelStore;
  readonly modelsFolder: string;
  readonly parts: BundleParts;
  import(path: string, options?: CopyOptions): Promise<ImportedBundle>;
}

/** A bundle with a model of two hundred kilobytes, its licence, an adapter and settings, and an empty store. */
export async function createBundleFixture(existing?: string): Promise<BundleFixture> {
  const root = existing ?? (await mkdtemp(join(tmpdir(), "deskside-bundle-")));
  const signer = createBundleSigner(Buffer.alloc(32, 7));
  const path = join(root, "one.deskside-bundle");
  const parts = await makeParts(root);
  if (existing === undefined) await writeBundle(path, parts, signer);
  const modelsFolder = join(root, "models");
  const folders = [{ id: "main", path: modelsFolder }];
  const store = createModelStore({ folders, stateFile: join(root, "models.json") });
  return {
    ...{ root, path, signer, store, modelsFolder, parts },
    async import(from, options = {}) {
      await using bundle = await openBundle(from);
      const known = async (hashes: readonly string[]) => (await store.findByContent(hashes))?.id ?? null;
      const plan = await planImport(bundle, store, known);
      return await importBundle(bundle, plan, { store, takeOver: async (imported) => imported }, options);
    },
    async [Symbol.asyncDispose]() {
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function makeParts(root: string): Promise<BundleParts> {
  const bytesContent = (from: Buffer, role: string) => ({
    ...{ from, role, name: role, sizeBytes: from.length },
    sha256: createHash("sha256").update(from).digest("hex"),
  });
  const fileContent = async (name: string, seed: number, role: string) => {
    const path = join(root, name);
    await writeGguf(path, tinyLlama({ seed, name: `Tiny ${seed}` }));
    const { sizeBytes, sha256 } = await describeFile(path);
    return { from: path, role, name, sizeBytes, sha256 };
  };
  const model = await fileContent("tiny-Q4_K_M.gguf", 1, "model");
  const adapter = await fileContent("tiny-lora.gguf", 2, "adapter");
  const licence = bytesContent(Buffer.from("Do as you like.\n"), "licence");
  const bundled = {
    ...{ name: "Tiny", role: "chat", repo: "org/Tiny-GGUF", revision: "c1", source: "https://hub.example" },
    ...{ licence: "mit", quantization: "Q4_K_M", files: [{ name: model.name, sha256: model.sha256 }] },
    licences: [{ name: "LICENSE", sha256: licence.sha256 }],
    adapters: [{ name: adapter.name, sha256: adapter.sha256, scale: 0.5 }],
  };
  return {
    ...{ createdAt: 1_795_000_000_000, madeWith: "0.0.0", models: [bundled], settings: 1, catalogue: null },
    contents: [model, licence, adapter, bytesContent(settingsBytes, "settings")],
  };
}
