import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bundleChild, startChild } from "../test/child-process.ts";
import { rejectionOf } from "../test/expect-error.ts";
import { openIn, temporaryFolder } from "../test/temporary-workspace.ts";
import { createKeyFileProvider } from "./key-file-provider.ts";

const posix = { skip: process.platform === "win32" };
const keyFile = (dataDir: string) => join(dataDir, "keys", "data.key");
const getKey = (dataDir: string) => createKeyFileProvider(dataDir).getDataKey();

test("the key is made once, is random, and is for this user only", async () => {
  using folder = temporaryFolder();
  using other = temporaryFolder();
  const key = await getKey(folder.path);
  expect(await getKey(join(other.path, "not", "made", "yet"))).toHaveLength(32);
  expect(key).toHaveLength(32);
  expect(await getKey(folder.path)).toEqual(key);
  expect(await getKey(other.path)).not.toEqual(key);
  expect(readdirSync(join(folder.path, "keys"))).toEqual(["data.key"]);
  if (process.platform === "win32") return;
  expect(statSync(keyFile(folder.path)).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder.path, "keys")).mode & 0o777).toBe(0o700);
});

test("permissions that let others in are taken back", posix, async () => {
  using folder = temporaryFolder();
  const key = await getKey(folder.path);
  chmodSync(keyFile(folder.path), 0o644);
  chmodSync(join(folder.path, "keys"), 0o755);
  expect(await getKey(folder.path)).toEqual(key);
  expect(statSync(keyFile(folder.path)).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder.path, "keys")).mode & 0o777).toBe(0o700);
});

test("a key of the wrong length is reported and never replaced", async () => {
  using folder = temporaryFolder();
  await getKey(folder.path);
  for (const length of [0, 1, 31, 33, 64]) {
    writeFileSync(keyFile(folder.path), Buffer.alloc(length, 9));
    const data = { reason: "damaged", path: keyFile(folder.path) };
    expect(await rejectionOf(getKey(folder.path))).toMatchObject({ code: "KEY_UNAVAILABLE", data });
    expect(readFileSync(keyFile(folder.path))).toEqual(Buffer.alloc(length, 9));
  }
});

test("a link or a folder in the key's place is no key", posix, async () => {
  using folder = temporaryFolder();
  mkdirSync(join(folder.path, "keys"));
  writeFileSync(join(folder.path, "elsewhere"), Buffer.alloc(32, 1));
  symlinkSync(join(folder.path, "elsewhere"), keyFile(folder.path));
  expect(await rejectionOf(getKey(folder.path))).toMatchObject({ data: { reason: "damaged" } });
  rmSync(keyFile(folder.path));
  mkdirSync(keyFile(folder.path));
  expect(await rejectionOf(getKey(folder.path))).toMatchObject({ data: { reason: "damaged" } });
});

test("a lost key is reported while anything written under it is there; a fresh one would lock the user out", async () => {
  using folder = temporaryFolder();
  openIn(folder.path, { dataKey: await getKey(folder.path) }).close();
  rmSync(keyFile(folder.path));
  const missing = { code: "KEY_UNAVAILABLE", data: { reason: "missing" } };
  expect(await rejectionOf(getKey(folder.path))).toMatchObject(missing);
  rmSync(join(folder.path, "workspace.db"));
  expect(await rejectionOf(getKey(folder.path))).toMatchObject(missing);
  expect(readdirSync(join(folder.path, "keys"))).toEqual([]);
  for (const name of ["workspace.db", "workspace.db-wal", "knowledge.db", "workspace.db.recovered"]) {
    using other = temporaryFolder();
    writeFileSync(join(other.path, name), "");
    expect([name, await rejectionOf(getKey(other.path))]).toMatchObject([name, missing]);
  }
});

test("processes that make the key at the same time agree on one", async () => {
  using folder = temporaryFolder();
  const bundle = await bundleChild("make-key.ts", folder.path);
  for (let round = 0; round < 5; round++) {
    const dataDir = join(folder.path, `data-${round}`);
    mkdirSync(dataDir);
    const children = Array.from({ length: 4 }, () => startChild(bundle, [dataDir]));
    await Promise.all(children.map((child) => child.exited));
    const keys = children.flatMap((child) => child.lines);
    expect(keys).toEqual(Array.from({ length: 4 }, () => readFileSync(keyFile(dataDir)).toString("hex")));
    expect(readdirSync(join(dataDir, "keys"))).toEqual(["data.key"]);
  }
});
