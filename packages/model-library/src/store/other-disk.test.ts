import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hasCode, type StoreDisk } from "./disk/store-disk.ts";
import { createWatchedDisk } from "./test/failing-disk.ts";
import { createStoreFixture, flipByte, sha256Of, type StoreFixture } from "./test/store-fixture.ts";

let fixture: StoreFixture;
beforeEach(async () => {
  fixture = await createStoreFixture();
});
afterEach(() => fixture[Symbol.asyncDispose]());

/** Downloads lie on another file system than the models: what comes from there can only be copied. */
function otherDisk(copied: string[] = [], afterCopy?: (to: string) => Promise<void>): StoreDisk {
  const disk = createWatchedDisk(
    (_step, name, [from]) => {
      if (name !== "rename" || !String(from).includes("/downloads/")) return;
      throw Object.assign(new Error("cross-device link not permitted"), { code: "EXDEV" });
    },
    { secondNames: false },
  );
  return {
    ...disk,
    async copy(from, to) {
      copied.push(to);
      await disk.copy(from, to);
      await afterCopy?.(to);
    },
  };
}

test("a file on another disk is copied, hashed there, and taken away where it came from", async () => {
  const adoption = await fixture.adoption(1);
  const [file] = adoption.files;
  const copied: string[] = [];
  const store = fixture.open({ disk: otherDisk(copied) });
  const { current } = await store.adopt(adoption);
  expect(copied).toHaveLength(1);
  expect(copied[0]).toMatch(/\.part$/);
  expect(await sha256Of(current?.paths[0] ?? "")).toBe(file?.sha256);
  expect(existsSync(file?.path ?? "")).toBe(false);
  expect(await fixture.open().list()).toMatchObject([{ current: { revision: "commit-1" } }]);
});

test("a copy that came out wrong is refused; the source stays, and nothing of it is left", async () => {
  const adoption = await fixture.adoption(1);
  const [file] = adoption.files;
  const before = await readFile(file?.path ?? "");
  const store = fixture.open({ disk: otherDisk([], flipByte) });
  await expect(store.adopt(adoption)).rejects.toMatchObject({ code: "HASH_MISMATCH" });
  expect((await readFile(file?.path ?? "")).equals(before)).toBe(true);
  expect(await store.list()).toEqual([]);
  expect(await fixture.open().reconcile()).toMatchObject({ completed: 0, rolledBack: 0, problems: [] });
});

test("a full disk in the middle of the copy leaves the source", async () => {
  const adoption = await fixture.adoption(1);
  const full = async () => {
    throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
  };
  const store = fixture.open({ disk: otherDisk([], full) });
  const error: unknown = await store.adopt(adoption).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Error);
  expect(hasCode(error, "ENOSPC", "DOWNLOAD_NO_SPACE", "MODEL_FOLDER_UNUSABLE", "DISK_FULL")).toBe(true);
  expect(existsSync(adoption.files[0]?.path ?? "")).toBe(true);
  expect(await store.list()).toEqual([]);
});
