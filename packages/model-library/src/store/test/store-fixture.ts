import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tinyLlama, writeGguf } from "@deskside/testing";
import { createModelStore } from "../model-store.ts";
import type { Adoption, ModelStore, ModelStoreOptions } from "../store-types.ts";

/** Two model folders and a place for downloads, on the disk. */
export interface StoreFixture extends AsyncDisposable {
  readonly root: string;
  readonly fast: string;
  readonly big: string;
  readonly stateFile: string;
  open(options?: Partial<ModelStoreOptions>): ModelStore;
  /** A checked file as a download leaves it; another seed is another content. */
  downloaded(name: string, seed?: number): Promise<Adoption["files"][number]>;
  adoption(seed: number, change?: Partial<Adoption>): Promise<Adoption>;
}

export async function createStoreFixture(existing?: string): Promise<StoreFixture> {
  const root = existing ?? (await mkdtemp(join(tmpdir(), "deskside-store-")));
  const fast = join(root, "fast");
  const big = join(root, "big");
  const stateFile = join(root, "state", "models.json");
  const downloads = join(root, "downloads");
  for (const path of [fast, big, downloads]) await mkdir(path, { recursive: true });
  async function downloaded(name: string, seed = 1): Promise<Adoption["files"][number]> {
    const path = join(downloads, name);
    await writeGguf(path, tinyLlama({ seed, name: `Tiny ${seed}` }));
    return describeFile(path);
  }
  return {
    ...{ root, fast, big, stateFile, downloaded },
    open: (options = {}) =>
      createModelStore({
        folders: [
          { id: "fast", path: fast },
          { id: "big", path: big },
        ],
        stateFile,
        ...options,
      }),
    async adoption(seed, change = {}) {
      return {
        files: [await downloaded("tiny-q4_k_m.gguf", seed)],
        ...{ repo: "org/Tiny-GGUF", revision: `commit-${seed}`, source: "https://hub.example", licence: "mit" },
        ...{ quantization: "Q4_K_M", ...change },
      };
    },
    async [Symbol.asyncDispose]() {
      await rm(root, { recursive: true, force: true });
    },
  };
}

export async function describeFile(path: string): Promise<Adoption["files"][number]> {
  return { path, sizeBytes: (await stat(path)).size, sha256: await sha256Of(path) };
}

export async function sha256Of(path: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
}

export async function flipByte(path: string): Promise<void> {
  const bytes = await readFile(path);
  bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 1;
  await writeFile(path, bytes);
}
