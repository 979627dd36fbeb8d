import { link, rm, truncate } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installedModelSchema } from "@deskside/contract";
import { type GgufValue, tinyLlama, writeGguf } from "@deskside/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { partsOf } from "../gguf/split-parts.ts";
import { createStoreFixture, describeFile, flipByte, type StoreFixture } from "../store/test/store-fixture.ts";
import type { ModelStore } from "../store/store-types.ts";
import { createModelLibrary, type ModelLibrary } from "./model-library.ts";

const modelsDir = fileURLToPath(new URL("../../../../models/", import.meta.url));
let fixture: StoreFixture;
let store: ModelStore;
let library: ModelLibrary;

beforeEach(async () => {
  fixture = await createStoreFixture();
  store = fixture.open();
  library = createModelLibrary({ modelsDir, store });
});

afterEach(async () => {
  await fixture[Symbol.asyncDispose]();
});

const id = "tiny-q4-k-m";

test("models of the store are listed after the product's own, and resolve by id and by file", async () => {
  const { current } = await store.adopt(await fixture.adoption(1));
  const list = await library.list();
  expect(list[0]?.builtIn).toBe(true);
  const shown = list.at(-1);
  expect(installedModelSchema.parse(shown)).toEqual(shown);
  expect(shown).toMatchObject({
    ...{ id, name: "Tiny", quantization: "Q4_K_M", licence: "mit", contextSize: 256, small: true, builtIn: false },
    ...{ role: "chat", problem: null, sizeBytes: current?.sizeBytes },
  });
  const resolved = await library.resolve(id);
  expect(resolved).toMatchObject({
    ...{ id, path: current?.paths[0], manifest: null, builtIn: false },
    description: { id, sha256: current?.sha256 },
  });
  const alias = join(fixture.root, "alias.gguf");
  await link(resolved.path, alias);
  expect((await library.resolve(alias)).id).toBe(id);
  await expect(library.resolve("tiny-q4-k-n")).rejects.toMatchObject({
    code: "MODEL_NOT_FOUND",
    data: { nearest: [id] },
  });
});

test("what is loaded follows a rollback at once", async () => {
  const first = await store.adopt(await fixture.adoption(1));
  const second = await store.adopt(await fixture.adoption(2));
  expect((await library.resolve(id)).path).toBe(second.current?.paths[0]);
  await store.rollback(id);
  expect((await library.resolve(id)).path).toBe(first.current?.paths[0]);
});

test("a candidate is not offered before it passed", async () => {
  const { candidate } = await store.adoptAsCandidate(await fixture.adoption(1));
  await expect(library.resolve(id)).rejects.toMatchObject({ code: "MODEL_NOT_FOUND" });
  await store.promote(id, candidate.key);
  expect((await library.resolve(id)).id).toBe(id);
});

test("a gone, cut or changed file is listed with its problem", async () => {
  const { current } = await store.adopt(await fixture.adoption(1));
  const path = current?.paths[0] ?? "";
  await library.verifyFiles();
  expect((await library.list()).at(-1)?.problem).toBeNull();
  await flipByte(path);
  await library.verifyFiles();
  expect((await library.list()).at(-1)?.problem?.code).toBe("HASH_MISMATCH");
  await expect(library.resolve(id)).rejects.toMatchObject({ code: "HASH_MISMATCH" });
  await truncate(path, 500);
  expect((await library.list()).at(-1)).toMatchObject({ id, problem: { code: "MODEL_FILE_CHANGED" }, contextSize: 0 });
  await rm(path);
  await expect(library.resolve(id)).rejects.toMatchObject({ code: "MODEL_FILE_MISSING", data: { model: id } });
});

test("a file that is no model is kept and says what is wrong with it", async () => {
  const path = join(fixture.root, "downloads", "page.gguf");
  await writeGguf(path, { metadata: [], tensors: [] });
  await store.adopt(await fixture.adoption(1, { files: [await describeFile(path)] }));
  expect((await library.list()).at(-1)).toMatchObject({ id, problem: { code: "GGUF_INVALID" } });
});

test("a split model is one model: its first part is loaded, a missing part is its problem", async () => {
  const whole = tinyLlama();
  const paths = partsOf(join(fixture.root, "downloads", "big-00001-of-00002.gguf"));
  for (const [index, path] of paths.entries()) {
    const own: [string, GgufValue][] = [
      ["split.no", { type: "u16", value: index }],
      ["split.count", { type: "u16", value: 2 }],
      ["split.tensors.count", { type: "i32", value: whole.tensors.length }],
    ];
    const tensors = index === 0 ? whole.tensors.slice(0, 4) : whole.tensors.slice(4);
    await writeGguf(path, { metadata: index === 0 ? [...whole.metadata, ...own] : own, tensors });
  }
  const files = await Promise.all(paths.map(describeFile));
  const { current } = await store.adopt(await fixture.adoption(1, { files }));
  const resolved = await library.resolve(id);
  expect(resolved.path).toBe(current?.paths[0]);
  expect(resolved.header.tensors).toHaveLength(whole.tensors.length);
  expect(resolved.description.sizeBytes).toBe(files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  expect(await library.list()).toHaveLength((await createModelLibrary({ modelsDir }).list()).length + 1);
  await rm(current?.paths[1] ?? "");
  await expect(library.resolve(id)).rejects.toMatchObject({ data: { path: current?.paths[1] } });
});

test("a product's own id cannot be taken over by a downloaded file", async () => {
  const own = (await library.list())[0]?.id ?? "";
  await store.adopt(await fixture.adoption(1, { repo: `evil/${own}`, quantization: null }));
  expect((await library.resolve(own)).builtIn).toBe(true);
  expect((await library.list()).filter((model) => model.id === own)).toHaveLength(1);
  expect(dirname((await store.get(own)).current?.paths[0] ?? "")).toContain(fixture.fast);
});
