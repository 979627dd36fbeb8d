import { copyFile, mkdir, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tinyLlama, writeGguf } from "@deskside/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findForeignModels } from "./discovery/find-foreign-models.ts";
import { createStoreFixture, flipByte, type StoreFixture, sha256Of } from "./test/store-fixture.ts";

let fixture: StoreFixture;
let foreign = "";

beforeEach(async () => {
  fixture = await createStoreFixture();
  foreign = join(fixture.root, "foreign");
  await mkdir(foreign);
});

afterEach(async () => {
  await fixture[Symbol.asyncDispose]();
});

async function write(name: string, seed = 1): Promise<string> {
  const path = join(foreign, name);
  await writeGguf(path, tinyLlama({ seed, name: "Inside" }));
  return path;
}

test("a dropped file is used where it lies and described by its own header", async () => {
  const path = await write("mine.gguf");
  const store = fixture.open();
  const [model] = await store.link(path);
  expect(model).toMatchObject({
    ...{ id: "mine-f32", name: "mine", quantization: "F32", licence: "cc0-1.0", repo: null, diskBytes: 0 },
    current: { linked: true, folder: null, paths: [path], sha256: null, source: "import" },
  });
  expect(await store.link(path)).toEqual([model]);
  const alias = join(foreign, "alias.gguf");
  await symlink(path, alias);
  expect(await store.link(alias)).toEqual([model]);
  expect((await store.verify("mine-f32")).current?.sha256).toBe(await sha256Of(path));
  const [entry] = await store.remove("mine-f32");
  expect(await sha256Of(path)).toHaveLength(64);
  expect((await store.restore(entry?.id ?? "")).current?.paths).toEqual([path]);
});

test("a linked file that was moved, replaced or touched is noticed; it can be shown where it is now", async () => {
  const path = await write("mine.gguf");
  const store = fixture.open();
  await store.link(path);
  await store.verify("mine-f32");
  const moved = join(foreign, "elsewhere.gguf");
  await rename(path, moved);
  expect((await store.problemOf("mine-f32"))?.code).toBe("MODEL_FILE_MISSING");
  const other = await write("other.gguf", 2);
  await expect(store.relink("mine-f32", other)).rejects.toMatchObject({ code: "HASH_MISMATCH" });
  expect((await store.relink("mine-f32", moved)).current?.paths).toEqual([moved]);
  expect(await store.problemOf("mine-f32")).toBeNull();
  await utimes(moved, new Date(), new Date(Date.now() + 60_000));
  expect((await store.problemOf("mine-f32"))?.code).toBe("MODEL_FILE_CHANGED");
  // Touched only: hashing finds the same content and takes the file back.
  await store.verify("mine-f32");
  expect(await store.problemOf("mine-f32")).toBeNull();
  await flipByte(moved);
  await expect(store.verify("mine-f32")).rejects.toMatchObject({ code: "HASH_MISMATCH" });
  // Dropped again by the user, the new content is the model.
  expect((await store.link(moved))[0]).toMatchObject({
    id: "mine-f32",
    versions: [{ state: "current", sha256: null }],
  });
  expect(await store.problemOf("mine-f32")).toBeNull();
  expect(await fixture.open().list()).toHaveLength(1);
});

test("a folder gives every model in it; what is none is passed over, alone it is the answer", async () => {
  await mkdir(join(foreign, "deep/er"), { recursive: true });
  await write("one.gguf");
  await write("deep/er/two.gguf", 2);
  await writeFile(join(foreign, "page.gguf"), "<!DOCTYPE html>");
  await writeFile(join(foreign, "notes.txt"), "GGUF");
  await symlink(foreign, join(foreign, "deep/loop"));
  const store = fixture.open();
  expect((await store.link(foreign)).map(({ id }) => id).sort()).toEqual(["one-f32", "two-f32"]);
  await expect(store.link(join(foreign, "page.gguf"))).rejects.toMatchObject({ code: "GGUF_INVALID" });
  await rm(join(foreign, "one.gguf"));
  await rm(join(foreign, "deep"), { recursive: true });
  await expect(store.link(foreign)).rejects.toMatchObject({ code: "GGUF_INVALID" });
  await expect(store.link(join(foreign, "none"))).rejects.toMatchObject({ code: "MODEL_FILE_MISSING" });
});

test("links survive a lost index, and the same name twice gives two ids", async () => {
  const store = fixture.open();
  await mkdir(join(foreign, "b"));
  await store.link(await write("mine.gguf"));
  await store.link(await write("b/mine.gguf", 2));
  await copyFile(join(foreign, "mine.gguf"), join(foreign, "copy.gguf"));
  const before = await store.list();
  expect(before.map(({ id }) => id)).toEqual(["mine-f32", "mine-f32-2"]);
  await rm(fixture.stateFile);
  expect(await fixture.open().list()).toEqual(before);
});

test("a model of another program is recognised once it is linked, however the way to it", async () => {
  const home = join(fixture.root, "home");
  await symlink(foreign, home);
  await mkdir(join(foreign, ".lmstudio/models/org/repo"), { recursive: true });
  await write(".lmstudio/models/org/repo/theirs.gguf");
  const machine = { platform: "linux", home, env: {} } as const;
  const [found] = (await findForeignModels({ machine })).models;
  const [model] = await fixture.open().link(found?.path ?? "", { source: "lm-studio" });
  expect(model?.current).toMatchObject({ paths: [found?.path], source: "lm-studio" });
});
