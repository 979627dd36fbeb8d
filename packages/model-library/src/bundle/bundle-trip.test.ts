import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDesksideError } from "@deskside/base";
import { expect, test } from "vitest";
import { createBundleSigner, parseFingerprint } from "./bundle-signature.ts";
import { openBundle } from "./open-bundle.ts";
import { createBundleFixture, settingsBytes } from "./test/bundle-fixture.ts";
import { writeBundle } from "./write-bundle.ts";

const child = fileURLToPath(new URL("./test/import-child.ts", import.meta.url));

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (isDesksideError(error)) return error.code;
    throw error;
  }
  throw new Error("it went through");
}

test("what went in comes out: model, licence, adapter, settings; a second time nothing is copied", async () => {
  await using fixture = await createBundleFixture();
  const [source] = fixture.parts.models;
  const imported = await fixture.import(fixture.path);
  expect(imported.settings?.equals(settingsBytes)).toBe(true);
  expect(imported.models[0]).toMatchObject({ already: false, adapters: [{ name: "tiny-lora.gguf", scale: 0.5 }] });
  const [model] = await fixture.store.list();
  expect(model).toMatchObject({ name: "Tiny", repo: "org/Tiny-GGUF", licence: "mit", quantization: "Q4_K_M" });
  expect(model?.current?.sha256).toBe(source?.files[0]?.sha256);
  const stored = await readFile(model?.current?.paths[0] ?? "");
  expect(stored.equals(await readFile(join(fixture.root, "tiny-Q4_K_M.gguf")))).toBe(true);
  const again = await fixture.import(fixture.path);
  expect(again.models[0]).toMatchObject({ already: true, id: model?.id });
  expect(await fixture.store.list()).toHaveLength(1);
});

test("the same parts give the same bytes, and never replace a file", async () => {
  await using fixture = await createBundleFixture();
  const second = join(fixture.root, "two.deskside-bundle");
  await writeBundle(second, fixture.parts, fixture.signer);
  expect((await readFile(second)).equals(await readFile(fixture.path))).toBe(true);
  expect(await codeOf(writeBundle(second, fixture.parts, fixture.signer))).toBe("BUNDLE_EXISTS");
});

test("a model file that changed on the disk is not bundled, and nothing is left", async () => {
  await using fixture = await createBundleFixture();
  const model = join(fixture.root, "tiny-Q4_K_M.gguf");
  const bytes = await readFile(model);
  bytes[bytes.length - 9] = (bytes[bytes.length - 9] ?? 0) ^ 1;
  await writeFile(model, bytes);
  const target = join(fixture.root, "three.deskside-bundle");
  expect(await codeOf(writeBundle(target, fixture.parts, fixture.signer))).toBe("HASH_MISMATCH");
  expect((await readdir(fixture.root)).filter((name) => name.startsWith("three"))).toEqual([]);
});

test("cancelling either way ends with the reason and leaves nothing", async () => {
  await using fixture = await createBundleFixture();
  for (const run of [
    (options: object) =>
      writeBundle(join(fixture.root, "four.deskside-bundle"), fixture.parts, fixture.signer, options),
    (options: object) => fixture.import(fixture.path, options),
  ]) {
    const stop = new AbortController();
    const reason = new Error("enough");
    const stopped = run({ signal: stop.signal, onProgress: () => stop.abort(reason) });
    await expect(stopped).rejects.toBe(reason);
  }
  expect((await readdir(fixture.root)).filter((name) => name.startsWith("four"))).toEqual([]);
  expect(await fixture.store.list()).toEqual([]);
  expect(await readdir(join(fixture.modelsFolder, ".deskside", "staging"))).toEqual([]);
});

test("a header holds sizes above eight gigabytes, and anybody's tar would name the same", async () => {
  const { tarHeader, isHeader } = await import("./tar-blocks.ts");
  const header = tarHeader("blobs/x", 404e9);
  expect(isHeader(header)).toBe(true);
  expect(header[124]).toBe(0x80);
  expect(header.readBigUInt64BE(128)).toBe(404_000_000_000n);
});

test("a fingerprint is the same however it is typed", async () => {
  const { fingerprint } = createBundleSigner(Buffer.alloc(32, 9));
  expect(fingerprint).toMatch(/^([0-9a-f]{4} ){15}[0-9a-f]{4}$/);
  expect(parseFingerprint(fingerprint.replaceAll(" ", "").toUpperCase())).toBe(fingerprint);
  expect(parseFingerprint(` ${fingerprint.replaceAll(" ", ":")} `)).toBe(fingerprint);
  expect(parseFingerprint(fingerprint.slice(5))).toBeNull();
});

test("an inspection reads no content: a damaged one is found by the import", async () => {
  await using fixture = await createBundleFixture();
  const bytes = await readFile(fixture.path);
  bytes[bytes.length - 2500] = (bytes[bytes.length - 2500] ?? 0) ^ 1;
  const path = join(fixture.root, "damaged.deskside-bundle");
  await writeFile(path, bytes);
  await using bundle = await openBundle(path);
  expect(bundle.fingerprint).toBe(fixture.signer.fingerprint);
  expect(await codeOf(fixture.import(path))).toBe("BUNDLE_DAMAGED");
});

test.each([0, 0.4, 0.8, 1])(
  "killed at %d of the contents: only staging, and the next start removes it",
  async (stopAt) => {
    await using fixture = await createBundleFixture();
    const running = spawn(process.execPath, [child, fixture.root, fixture.path, String(stopAt)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [said] = (await once(running.stdout, "data")) as [Buffer];
    expect(said.toString()).toBe("reached\n");
    running.kill("SIGKILL");
    await once(running, "close");
    const staging = join(fixture.modelsFolder, ".deskside", "staging");
    expect(await readdir(staging)).toHaveLength(1);
    expect(await fixture.store.list()).toEqual([]);
    await fixture.store.reconcile();
    expect(await readdir(staging)).toEqual([]);
    expect((await fixture.import(fixture.path)).models[0]?.already).toBe(false);
    expect(await fixture.store.list()).toHaveLength(1);
  },
);
