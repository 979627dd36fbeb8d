import { copyFile, link, mkdir, mkdtemp, readFile, rm, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installedModelSchema } from "@deskside/contract";
import { tinyLlama, writeGguf } from "@deskside/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ModelManifest } from "../manifest/manifest-schema.ts";
import { hashModelFile } from "../manifest/verify-model-file.ts";
import { createModelLibrary } from "./model-library.ts";

const models = fileURLToPath(new URL("../../../../models/", import.meta.url));
let modelsDir = "";

beforeEach(async () => {
  modelsDir = await mkdtemp(join(tmpdir(), "deskside-library-"));
});

afterEach(async () => {
  await rm(modelsDir, { recursive: true, force: true });
});

/** Puts a tiny model with a manifest into the directory of the test; returns the path of its file. */
async function install(id: string, change: Partial<ModelManifest> = {}): Promise<string> {
  const folder = join(modelsDir, id);
  await mkdir(folder);
  const path = join(folder, "tiny.gguf");
  await writeGguf(path, tinyLlama({ name: id }));
  const base = JSON.parse(await readFile(join(models, "starter/manifest.json"), "utf8")) as ModelManifest;
  const own = { id, file: "tiny.gguf", sha256: await hashModelFile(path), sizeBytes: (await stat(path)).size };
  await writeFile(join(folder, "manifest.json"), JSON.stringify({ ...base, ...own, ...change }));
  return path;
}

test("the product's own models are listed, usable, the preferred one first", async () => {
  const list = await createModelLibrary({ modelsDir: models }).list();
  expect(list.map(({ id }) => id).slice(0, 2)).toEqual(["smollm2-135m-instruct", "starter"]);
  for (const model of list) {
    expect(installedModelSchema.parse(model)).toEqual(model);
    expect(model.problem).toBeNull();
  }
});

test("an id resolves to a checked file, a path to the same model when a manifest speaks for it", async () => {
  const path = await install("tiny-one");
  const library = createModelLibrary({ modelsDir });
  const byId = await library.resolve("tiny-one");
  expect(byId).toMatchObject({ id: "tiny-one", path, builtIn: true, header: { architecture: "llama" } });
  const alias = join(modelsDir, "alias.gguf");
  await link(path, alias);
  expect((await library.resolve(alias)).id).toBe("tiny-one");
  const stranger = join(modelsDir, "stranger.gguf");
  await copyFile(path, stranger);
  expect(await library.resolve(stranger)).toMatchObject({ id: stranger, manifest: null, builtIn: false });
});

test("a wrong name is answered with the ones that look like it, a wrong path with the path", async () => {
  await install("tiny-one");
  const library = createModelLibrary({ modelsDir });
  await expect(library.resolve("tiny-oen")).rejects.toMatchObject({
    code: "MODEL_NOT_FOUND",
    data: { model: "tiny-oen", nearest: ["tiny-one"] },
  });
  const gone = join(modelsDir, "gone.gguf");
  await expect(library.resolve(gone)).rejects.toMatchObject({ code: "MODEL_FILE_MISSING", data: { path: gone } });
});

test("a file that is gone, cut, foreign or of another size is listed with its problem", async () => {
  await rm(await install("a-gone", { preference: 9 }));
  await truncate(await install("b-cut", { preference: 8 }), 50_000);
  await writeFile(await install("c-foreign", { preference: 7 }), "<!DOCTYPE html>");
  const longer = await install("d-longer", { preference: 6 });
  await truncate(longer, (await stat(longer)).size + 32);
  await install("e-fine", { preference: 5 });
  const list = await createModelLibrary({ modelsDir }).list();
  expect(list.map(({ id, problem }) => [id, problem?.code ?? null])).toEqual([
    ["a-gone", "MODEL_FILE_MISSING"],
    ["b-cut", "GGUF_TRUNCATED"],
    ["c-foreign", "GGUF_INVALID"],
    ["d-longer", "HASH_MISMATCH"],
    ["e-fine", null],
  ]);
});

test("changed weights of the same size are found by the check in the background, and shown from then on", async () => {
  const path = await install("tiny-one");
  const bytes = await readFile(path);
  bytes[bytes.length - 100] = (bytes[bytes.length - 100] as number) ^ 1;
  await writeFile(path, bytes);
  const library = createModelLibrary({ modelsDir });
  expect((await library.list())[0]?.problem).toBeNull();
  await library.verifyFiles();
  expect((await library.list())[0]?.problem?.code).toBe("HASH_MISMATCH");
  await expect(library.resolve("tiny-one")).rejects.toMatchObject({ code: "HASH_MISMATCH" });
});

test("the check in the background reads a file once", async () => {
  const path = await install("tiny-one");
  const library = createModelLibrary({ modelsDir });
  const read: number[] = [];
  await library.verifyFiles({ onProgress: ({ doneBytes }) => read.push(doneBytes) });
  expect(read.length).toBeGreaterThan(0);
  read.length = 0;
  await library.verifyFiles({ onProgress: ({ doneBytes }) => read.push(doneBytes) });
  expect(read).toEqual([]);
  await utimes(path, new Date(), new Date(Date.now() + 5000));
  await library.verifyFiles({ onProgress: ({ doneBytes }) => read.push(doneBytes) });
  expect(read.length).toBeGreaterThan(0);
});

test("a file that is repaired is usable again without a restart, and one that broke is not served from memory", async () => {
  const path = await install("tiny-one");
  const library = createModelLibrary({ modelsDir });
  await library.resolve("tiny-one");
  const bytes = await readFile(path);
  await writeFile(path, bytes.subarray(0, 1000));
  await expect(library.resolve("tiny-one")).rejects.toMatchObject({ code: "GGUF_TRUNCATED" });
  await writeFile(path, bytes);
  expect((await library.resolve("tiny-one")).path).toBe(path);
});

test("a broken manifest is shown under the name of its folder", async () => {
  await mkdir(join(modelsDir, "broken"));
  await writeFile(join(modelsDir, "broken", "manifest.json"), "{}");
  const library = createModelLibrary({ modelsDir });
  expect((await library.list())[0]).toMatchObject({ id: "broken", problem: { code: "MANIFEST_INVALID" } });
  await expect(library.resolve("broken")).rejects.toMatchObject({ code: "MANIFEST_INVALID" });
});
