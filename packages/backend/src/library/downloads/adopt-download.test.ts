import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { CanaryStep } from "@deskside/contract";
import { createModelLibrary, createModelStore } from "@deskside/model-library";
import { encodeGguf, tinyLlama } from "@deskside/testing";
import { expect, test } from "vitest";
import { adoptDownload } from "./adopt-download.ts";
import type { DownloadRecord } from "./download-records.ts";

type Verdict = { passed: boolean; step?: CanaryStep; noRoom?: boolean };

async function openShelf(root: string) {
  const store = createModelStore({
    folders: [{ id: "main", path: join(root, "models") }],
    stateFile: join(root, "models.json"),
  });
  const modelsDir = join(root, "none");
  await mkdir(modelsDir);
  const library = createModelLibrary({ modelsDir, store });
  const replaced: string[] = [];
  const tried: string[] = [];
  let count = 0;

  /** What a finished download leaves. */
  async function fetchModel(seed: number) {
    const { bytes } = encodeGguf(tinyLlama({ seed }));
    const id = `d-${count++}`;
    const targetFolder = join(await store.downloadsFolder(), id);
    const path = join(targetFolder, "tiny-F32.gguf");
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const record: DownloadRecord = {
      ...{ schemaVersion: 1, id, repo: "maker/tiny", revision: `r${seed}`, quantization: "F32", licence: null },
      ...{ targetFolder, folder: null, startedAt: 1, fileHosts: [] },
      hubs: [{ name: "hub", baseUrl: "https://hub.example" }],
      files: [{ path: "tiny-F32.gguf", sizeBytes: bytes.length, sha256 }],
    };
    return { record, fetched: [{ path: "tiny-F32.gguf", bytes: bytes.length, sha256, source: "hub" }], sha256 };
  }

  function adopt(
    model: Awaited<ReturnType<typeof fetchModel>>,
    verdict: Verdict,
    signal = new AbortController().signal,
  ) {
    const { passed, step = null, noRoom = false } = verdict;
    const outcome = { ...{ model: "", at: 1, passed, step, noRoom }, detail: "as told", loadMs: 1, tokensPerSecond: 1 };
    const deps = {
      ...{ store, library, onReplaced: (id: string) => void replaced.push(id) },
      tryModel: async (path: string) => {
        tried.push(path);
        expect(existsSync(path)).toBe(true);
        return outcome;
      },
    };
    return adoptDownload(model.record, model.fetched, deps, { signal, onStage: () => undefined });
  }

  const versions = async (id: string) =>
    (await store.get(id)).versions.map(({ state, sha256 }) => `${state} ${sha256}`);
  return { store, fetchModel, adopt, versions, replaced, tried };
}

const shelf = async () => {
  const folder = await mkdtempDisposable(join(tmpdir(), "deskside-adopt-"));
  return { ...(await openShelf(folder.path)), [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
};

test("one that fails its test goes to the trash, and the version before it stays in use", async () => {
  await using here = await shelf();
  const first = await here.fetchModel(1);
  const { id } = await here.adopt(first, { passed: true });
  const second = await here.fetchModel(2);
  await expect(here.adopt(second, { passed: false, step: "prompt" })).rejects.toMatchObject({
    ...{ code: "CANARY_FAILED", data: { model: id, step: "prompt", detail: "as told" } },
  });
  expect(await here.versions(id)).toEqual([`current ${first.sha256}`]);
  expect(await here.store.trash()).toHaveLength(1);
  expect(here.replaced).toEqual([]);
});

test("a first file that fails leaves no model", async () => {
  await using here = await shelf();
  await expect(here.adopt(await here.fetchModel(1), { passed: false })).rejects.toMatchObject({
    code: "CANARY_FAILED",
  });
  expect(await here.store.list()).toEqual([]);
});

test("want of room speaks against a replacement, not against a first file", async () => {
  await using here = await shelf();
  const first = await here.fetchModel(1);
  const { id } = await here.adopt(first, { passed: false, step: "load", noRoom: true });
  expect(await here.versions(id)).toEqual([`current ${first.sha256}`]);
  const second = await here.fetchModel(2);
  await expect(here.adopt(second, { passed: false, step: "load", noRoom: true })).rejects.toMatchObject({
    code: "CANARY_FAILED",
  });
  expect(await here.versions(id)).toEqual([`current ${first.sha256}`]);
});

test("what was cut off in the test is tested again, and what was in use before is taken back without one", async () => {
  await using here = await shelf();
  const first = await here.fetchModel(1);
  const { id } = await here.adopt(first, { passed: true });
  const second = await here.fetchModel(2);
  const stop = new AbortController();
  stop.abort(new Error("the end of the process"));
  await expect(here.adopt(second, { passed: true }, stop.signal)).rejects.toBe(stop.signal.reason);
  const third = await here.fetchModel(2);
  const result = await here.adopt(third, { passed: true });
  expect(result).toMatchObject({ id, sha256: second.sha256, revision: "r2", source: "https://hub.example" });
  expect(await here.versions(id)).toEqual([`current ${second.sha256}`, `previous ${first.sha256}`]);
  expect(here.replaced).toEqual([id]);

  const before = here.tried.length;
  expect(await here.adopt(await here.fetchModel(1), { passed: false })).toMatchObject({ id, sha256: first.sha256 });
  expect(here.tried).toHaveLength(before);
  expect(await here.versions(id)).toEqual([`current ${first.sha256}`, `previous ${second.sha256}`]);
});
