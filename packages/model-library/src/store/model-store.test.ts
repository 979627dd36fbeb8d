import { readFile, rename, rm, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createStoreFixture, flipByte, type StoreFixture, sha256Of } from "./test/store-fixture.ts";

let fixture: StoreFixture;

beforeEach(async () => {
  fixture = await createStoreFixture();
});

afterEach(async () => {
  await fixture[Symbol.asyncDispose]();
});

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

describe("adoption", () => {
  test("a downloaded file becomes a model with its origin; the download's own name is gone", async () => {
    const store = fixture.open();
    const adoption = await fixture.adoption(1);
    const model = await store.adopt(adoption);
    expect(model).toMatchObject({
      ...{ id: "tiny-q4-k-m", name: "Tiny", repo: "org/Tiny-GGUF", licence: "mit", quantization: "Q4_K_M" },
      current: {
        revision: "commit-1",
        source: "https://hub.example",
        sha256: adoption.files[0]?.sha256,
        linked: false,
      },
    });
    expect(await sha256Of(model.current?.paths[0] ?? "")).toBe(adoption.files[0]?.sha256);
    expect(await isThere(adoption.files[0]?.path ?? "")).toBe(false);
    expect(await fixture.open().list()).toEqual([model]);
  });

  test("a new revision becomes the current version, the one before is one call away, and back", async () => {
    const store = fixture.open();
    const first = await store.adopt(await fixture.adoption(1));
    const second = await store.adopt(await fixture.adoption(2));
    expect(second.id).toBe(first.id);
    expect(second.versions.map(({ revision, state }) => [revision, state])).toEqual([
      ["commit-2", "current"],
      ["commit-1", "previous"],
    ]);
    expect((await store.rollback(first.id)).current?.revision).toBe("commit-1");
    expect((await fixture.open().get(first.id)).current?.revision).toBe("commit-1");
    expect((await store.rollback(first.id)).current?.revision).toBe("commit-2");
  });

  test("a clock that was set back does not decide which version is in use", async () => {
    const first = await fixture.open({ now: () => 2_000_000 }).adopt(await fixture.adoption(1));
    const second = await fixture.open({ now: () => 1000 }).adopt(await fixture.adoption(2));
    expect(second.current?.revision).toBe("commit-2");
    expect((await fixture.open({ now: () => 5 }).rollback(first.id)).current?.revision).toBe("commit-1");
  });

  test("the same content again is the same version, also under another repository", async () => {
    const store = fixture.open();
    const first = await store.adopt(await fixture.adoption(1));
    const again = await store.adopt(await fixture.adoption(1));
    expect(again.versions).toHaveLength(1);
    expect(await store.problemOf(again.id)).toBeNull();
    const mirror = await fixture.adoption(1, { repo: "mirror/Tiny-GGUF" });
    expect((await store.adopt(mirror)).id).toBe(first.id);
    expect(await isThere(mirror.files[0]?.path ?? "")).toBe(false);
    expect(await store.list()).toHaveLength(1);
    const hash = first.current?.sha256 ?? "";
    expect((await store.findByContent([hash.toUpperCase()]))?.id).toBe(first.id);
    expect(await store.findByContent(["0".repeat(64)])).toBeNull();
    await rm(first.current?.paths[0] ?? "");
    expect(await store.findByContent([hash])).toBeNull();
  });

  test("a damaged file is replaced by downloading it again", async () => {
    const store = fixture.open();
    const model = await store.adopt(await fixture.adoption(1));
    const path = model.current?.paths[0] ?? "";
    await flipByte(path);
    expect(await store.findByContent([model.current?.sha256 ?? ""])).toBeNull();
    await expect(store.verify(model.id)).rejects.toMatchObject({ code: "HASH_MISMATCH" });
    await store.adopt(await fixture.adoption(1));
    expect((await store.verify(model.id)).versions).toHaveLength(1);
  });

  test("content that went bad under an unchanged time is not taken for the good one any more", async () => {
    const store = fixture.open();
    const { id, current } = await store.adopt(await fixture.adoption(1));
    const path = current?.paths[0] ?? "";
    await utimes(path, 1_700_000_000, 1_700_000_000);
    await store.verify(id);
    expect(await store.findByContent([current?.sha256 ?? ""])).not.toBeNull();
    await flipByte(path);
    await utimes(path, 1_700_000_000, 1_700_000_000);
    await expect(store.verify(id)).rejects.toMatchObject({ code: "HASH_MISMATCH" });
    expect(await store.findByContent([current?.sha256 ?? ""])).toBeNull();
    // As a candidate it is the version in use, with sound bytes.
    const { candidate } = await store.adoptAsCandidate(await fixture.adoption(1));
    expect(candidate.state).toBe("current");
    expect((await store.verify(id)).versions).toHaveLength(1);
  });

  test("another file of the same repository and quantization is another model, with another id", async () => {
    const store = fixture.open({ reservedIds: async () => ["tiny-q4-k-m"] });
    const first = await store.adopt(await fixture.adoption(1));
    const other = await store.adopt(await fixture.adoption(2, { files: [await fixture.downloaded("other.gguf", 2)] }));
    const third = await store.adopt(await fixture.adoption(3, { repo: "else/Tiny-GGUF" }));
    expect([first.id, other.id, third.id]).toEqual(["tiny-q4-k-m-2", "tiny-q4-k-m-3", "tiny-q4-k-m-4"]);
  });

  test("a candidate changes nothing until it is promoted; a discarded one leaves no version", async () => {
    const store = fixture.open();
    const { id } = await store.adopt(await fixture.adoption(1));
    const { candidate } = await store.adoptAsCandidate(await fixture.adoption(2));
    expect(candidate.state).toBe("candidate");
    expect((await fixture.open().get(id)).current?.revision).toBe("commit-1");
    await expect(store.rollback(id, "none-such")).rejects.toMatchObject({ code: "MODEL_NOT_FOUND" });
    expect((await store.promote(id, candidate.key)).current?.revision).toBe("commit-2");
    await expect(store.discard(id, candidate.key)).rejects.toMatchObject({ code: "MODEL_IN_USE" });
    const { candidate: bad } = await store.adoptAsCandidate(await fixture.adoption(3));
    expect((await store.discard(id, bad.key))?.bytes).toBeGreaterThan(1000);
    expect((await store.get(id)).versions.map(({ revision }) => revision)).toEqual(["commit-2", "commit-1"]);
    // The same content as the current version is no candidate: it passed already.
    const same = await store.adoptAsCandidate(await fixture.adoption(2));
    expect(same.candidate.state).toBe("current");
  });

  test("a first candidate is a model without a current version", async () => {
    const store = fixture.open();
    const { model, candidate } = await store.adoptAsCandidate(await fixture.adoption(1));
    expect(model.current).toBeNull();
    expect((await store.promote(model.id, candidate.key)).current?.revision).toBe("commit-1");
  });

  test("wrong sizes, missing files and two files of one name are refused, and the files stay", async () => {
    const store = fixture.open();
    const adoption = await fixture.adoption(1);
    const [file] = adoption.files;
    if (!file) throw new Error("no file");
    await expect(store.adopt({ ...adoption, files: [{ ...file, sizeBytes: 5 }] })).rejects.toMatchObject({
      code: "DOWNLOAD_SIZE_MISMATCH",
      data: { expected: 5, actual: file.sizeBytes },
    });
    await expect(store.adopt({ ...adoption, files: [{ ...file, path: `${file.path}x` }] })).rejects.toMatchObject({
      code: "MODEL_FILE_MISSING",
    });
    await expect(store.adopt({ ...adoption, files: [file, file] })).rejects.toMatchObject({
      code: "MODEL_NOT_READABLE",
    });
    await expect(store.adopt({ ...adoption, folder: "nowhere" })).rejects.toMatchObject({
      code: "MODEL_FOLDER_UNUSABLE",
    });
    expect(await isThere(file.path)).toBe(true);
    expect(await store.list()).toEqual([]);
  });

  test("a file in use is not pulled away: the version stays and the copy is dropped", async () => {
    const { id, current } = await fixture.open().adopt(await fixture.adoption(1));
    const inode = (await stat(current?.paths[0] ?? "")).ino;
    const store = fixture.open({ isInUse: (model) => model === id });
    await store.adopt(await fixture.adoption(1));
    expect((await stat(current?.paths[0] ?? "")).ino).toBe(inode);
    for (const act of [() => store.remove(id), () => store.move(id, "big")]) {
      await expect(act()).rejects.toMatchObject({ code: "MODEL_IN_USE", data: { model: id } });
    }
  });

  test("a drive that is away is not replaced by a folder on another disk", async () => {
    const store = fixture.open({ folders: [{ id: "usb", path: join(fixture.root, "media", "usb", "models") }] });
    const adoption = await fixture.adoption(1);
    await expect(store.adopt(adoption)).rejects.toMatchObject({ code: "MODEL_FOLDER_UNUSABLE" });
    expect(await isThere(join(fixture.root, "media"))).toBe(false);
    expect(await isThere(adoption.files[0]?.path ?? "")).toBe(true);
  });
});

describe("what happens to files from outside", () => {
  test("gone and cut files are named; changed ones are found by hashing, untouched ones are not hashed again", async () => {
    const store = fixture.open();
    const { id, current } = await store.adopt(await fixture.adoption(1));
    const path = current?.paths[0] ?? "";
    const hashed: number[] = [];
    const onProgress = ({ doneBytes }: { doneBytes: number }): void => void hashed.push(doneBytes);
    await store.verify(id, { onlyChanged: true, onProgress });
    expect(hashed).toEqual([]);
    await utimes(path, new Date(), new Date(Date.now() + 9000));
    await store.verify(id, { onlyChanged: true, onProgress });
    expect(hashed.length).toBeGreaterThan(0);
    await flipByte(path);
    await expect(store.verify(id, { onlyChanged: true })).rejects.toMatchObject({ code: "HASH_MISMATCH" });
    await truncate(path, 100);
    expect(await store.problemOf(id)).toMatchObject({ code: "MODEL_FILE_CHANGED", data: { actualBytes: 100 } });
    await rm(path);
    expect(await store.problemOf(id)).toMatchObject({ code: "MODEL_FILE_MISSING", data: { path } });
    // Still listed, so that the user learns of it and can fetch it again.
    await store.reconcile();
    expect(await store.list()).toHaveLength(1);
  });

  test("a rollback to a file that is gone is refused, the current one stays", async () => {
    const store = fixture.open();
    const { id, current } = await store.adopt(await fixture.adoption(1));
    await store.adopt(await fixture.adoption(2));
    await rm(current?.paths[0] ?? "");
    await expect(store.rollback(id)).rejects.toMatchObject({ code: "MODEL_FILE_MISSING" });
    expect((await store.get(id)).current?.revision).toBe("commit-2");
  });

  test("a folder that was never used is no problem: its room is that of its parent", async () => {
    const store = fixture.open();
    await rm(fixture.big, { recursive: true, force: true });
    const use = (await store.diskUse())[1];
    expect(use).toMatchObject({ modelBytes: 0, problem: null });
    expect(use?.freeBytes).toBeGreaterThan(0);
  });

  test("models on a drive that is away stay known, and work again when it is back", async () => {
    const store = fixture.open();
    const { id } = await store.adopt(await fixture.adoption(1, { folder: "big" }));
    await rename(fixture.big, `${fixture.big}-away`);
    const later = fixture.open();
    await later.reconcile();
    expect((await later.problemOf(id))?.code).toBe("MODEL_FILE_MISSING");
    await expect(later.remove(id)).rejects.toMatchObject({ code: "MODEL_FOLDER_UNUSABLE" });
    expect((await later.diskUse())[1]).toMatchObject({ freeBytes: null, problem: { code: "MODEL_FOLDER_UNUSABLE" } });
    await rename(`${fixture.big}-away`, fixture.big);
    expect(await later.problemOf(id)).toBeNull();
  });
});

test("a folder taken out of the settings hides its models, keeps their ids, and shows them again when it is back", async () => {
  const both = fixture.open();
  const { id, current } = await both.adopt(await fixture.adoption(1, { folder: "big" }));
  const one = fixture.open({ folders: [{ id: "fast", path: fixture.fast }] });
  expect(await one.list()).toEqual([]);
  expect(await one.findByContent([current?.sha256 ?? ""])).toBeNull();
  await expect(one.remove(id)).rejects.toMatchObject({ code: "MODEL_NOT_FOUND" });
  expect((await one.adopt(await fixture.adoption(2))).id).toBe(`${id}-2`);
  expect((await fixture.open().list()).map((model) => model.id)).toEqual([id, `${id}-2`]);
});

describe("moving", () => {
  test("all versions arrive, checked, and the old place is empty", async () => {
    const store = fixture.open();
    await store.adopt(await fixture.adoption(1));
    const { id } = await store.adopt(await fixture.adoption(2));
    const seen: number[] = [];
    const moved = await store.move(id, "big", { onProgress: ({ doneBytes }) => seen.push(doneBytes) });
    expect(moved.versions.map(({ folder }) => folder)).toEqual(["big", "big"]);
    expect(seen.at(-1)).toBe(moved.diskBytes);
    expect(moved.current?.revision).toBe("commit-2");
    for (const { paths, sha256 } of moved.versions) expect(await sha256Of(paths[0] ?? "")).toBe(sha256);
    const [fast, big] = await store.diskUse();
    expect(fast).toMatchObject({ modelBytes: 0 });
    expect(big?.modelBytes).toBe(moved.diskBytes);
    expect(await store.reconcile()).toMatchObject({ completed: 0, rolledBack: 0, problems: [] });
  });

  test("a file that is not what it was is not moved; a cancelled move leaves the model where it was", async () => {
    const store = fixture.open();
    const { id, current } = await store.adopt(await fixture.adoption(1));
    const controller = new AbortController();
    const reason = new Error("enough");
    const cancelled = store.move(id, "big", { signal: controller.signal, onProgress: () => controller.abort(reason) });
    await expect(cancelled).rejects.toBe(reason);
    await flipByte(current?.paths[0] ?? "");
    await expect(store.move(id, "big")).rejects.toMatchObject({ code: "HASH_MISMATCH" });
    expect((await store.get(id)).current?.folder).toBe("fast");
    expect(await fixture.open({ folders: [{ id: "big", path: fixture.big }] }).list()).toEqual([]);
  });
});

describe("trash", () => {
  test("gives back its bytes only when emptied, restores everything, and forgets after 30 days", async () => {
    let now = 1_000_000_000_000;
    const store = fixture.open({ now: () => now });
    await store.adopt(await fixture.adoption(1));
    const before = await store.adopt(await fixture.adoption(2));
    const [entry] = await store.remove(before.id);
    expect(await store.list()).toEqual([]);
    expect(await store.trash()).toEqual([entry]);
    expect(entry?.bytes).toBeGreaterThanOrEqual(before.diskBytes);
    expect((await store.diskUse())[0]?.trashBytes).toBe(entry?.bytes);
    expect(await store.restore(entry?.id ?? "")).toEqual(before);
    expect(await store.trash()).toEqual([]);
    await store.remove(before.id);
    now += 29 * 86_400_000;
    expect(await store.emptyTrash()).toBe(0);
    now += 86_400_000;
    expect(await store.emptyTrash()).toBe(entry?.bytes);
    expect(await store.trash()).toEqual([]);
    await expect(store.restore(entry?.id ?? "")).rejects.toMatchObject({ code: "MODEL_NOT_FOUND" });
    await expect(store.restore("fast:../../state")).rejects.toMatchObject({ code: "MODEL_NOT_FOUND" });
  });

  test("an old version alone can go and come back; the current one cannot", async () => {
    const store = fixture.open();
    const { id, current } = await store.adopt(await fixture.adoption(1));
    await expect(store.removeVersion(id, current?.key ?? "")).rejects.toMatchObject({ code: "MODEL_IN_USE" });
    await store.adopt(await fixture.adoption(2));
    const entry = await store.removeVersion(id, current?.key ?? "");
    expect((await store.get(id)).versions).toHaveLength(1);
    const restored = await store.restore(entry.id);
    expect(restored.versions.map(({ revision }) => revision)).toEqual(["commit-2", "commit-1"]);
  });

  test("a model whose id was taken meanwhile comes back under another", async () => {
    const store = fixture.open();
    const { id } = await store.adopt(await fixture.adoption(1));
    const [entry] = await store.remove(id);
    await store.adopt(await fixture.adoption(2, { repo: "else/Tiny-GGUF" }));
    expect((await store.restore(entry?.id ?? "")).id).toBe(`${id}-2`);
    expect((await fixture.open().list()).map((model) => model.id)).toEqual([id, `${id}-2`]);
  });
});

describe("the index", () => {
  test.each([
    ["cut", (text: string) => text.slice(0, text.length / 2)],
    ["empty", () => ""],
    ["of zeros", (text: string) => "\0".repeat(text.length)],
    ["of another version", (text: string) => text.replace('"schemaVersion": 1', '"schemaVersion": 99')],
    ["with a folder in a name", (text: string) => text.replaceAll("tiny-q4_k_m.gguf", "../x.gguf")],
  ])("a state file that is %s is put aside and everything is found again", async (_, damage) => {
    const store = fixture.open();
    await store.adopt(await fixture.adoption(1));
    const { id } = await store.adopt(await fixture.adoption(2));
    await store.setPinned(id, true);
    await store.rollback(id);
    const before = await store.list();
    await writeFile(fixture.stateFile, damage(await readFile(fixture.stateFile, "utf8")));
    const report = await fixture.open().reconcile();
    expect(await isThere(report.damagedStateKeptAs ?? "")).toBe(true);
    expect(await fixture.open().list()).toEqual(before);
    expect(before[0]).toMatchObject({ pinned: true, current: { revision: "commit-1" } });
  });

  test("damage while the store is open is noticed too", async () => {
    const store = fixture.open();
    const { id } = await store.adopt(await fixture.adoption(1));
    await writeFile(fixture.stateFile, "{");
    expect((await store.list()).map((model) => model.id)).toEqual([id]);
    await rm(fixture.stateFile);
    await store.setPinned(id, true);
    expect((await store.get(id)).pinned).toBe(true);
  });

  test("files that lost sidecar and index are still a model, unchecked; the sidecar alone comes back from the index", async () => {
    const store = fixture.open();
    const model = await store.adopt(await fixture.adoption(1));
    const sidecar = `${model.current?.paths[0]}.deskside.json`;
    await writeFile(sidecar, "broken");
    await store.reconcile();
    expect(await store.list()).toEqual([model]);
    await rm(sidecar);
    await rm(fixture.stateFile);
    const rebuilt = await fixture.open().get(model.id);
    expect(rebuilt.current).toMatchObject({ sha256: null, source: "import" });
    expect((await fixture.open().verify(model.id)).current?.sha256).toBe(model.current?.sha256);
  });
});
