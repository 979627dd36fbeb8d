import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { firstRequests } from "@deskside/testing/fake-hub";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { deskError } from "@deskside/contract";
import type { DownloadRequest, DownloadView } from "./download-types.ts";
import { createFixture, type Fixture, randomBytes, sha256Of } from "./test/download-fixture.ts";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await createFixture();
});
afterEach(() => fixture[Symbol.asyncDispose]());

const name = "model-Q4_K_M.gguf";
const bytes = randomBytes(1, 700_000);
const model = { [name]: bytes };
const sha256 = sha256Of(bytes);

describe("a download", () => {
  test("ends in the file, with parallel ranges, and leaves nothing beside it", async () => {
    const hub = await fixture.hub(model);
    const downloader = await fixture.downloader();
    await downloader.start(fixture.request(model, [hub]));
    const done = await downloader.finished("d1");
    expect(done).toMatchObject({ state: "done", receivedBytes: 700_000, totalBytes: 700_000, source: "hub0" });
    expect(done.files).toEqual([
      { path: "model-Q4_K_M.gguf", bytes: 700_000, sha256, wasExpected: true, source: "hub0" },
    ]);
    expect(await fixture.visible()).toEqual(model);
    expect(await readdir(fixture.folder)).toEqual(["model-Q4_K_M.gguf"]);
    const ranges = hub.requests.filter(({ kind }) => kind === "cdn").map(({ range }) => range?.start);
    expect(ranges.length).toBe(11);
  });

  test("of split files becomes visible as a whole", async () => {
    const split = {
      "m/m-00001-of-00003.gguf": randomBytes(2, 300_000),
      "m/m-00002-of-00003.gguf": randomBytes(3, 200_000),
      "m/m-00003-of-00003.gguf": randomBytes(4, 100_000),
    };
    const hub = await fixture.hub(split);
    const downloader = await fixture.downloader();
    const seen: string[][] = [];
    downloader.watch(() => {
      void fixture.visible().then((files) => seen.push(Object.keys(files)));
    });
    await downloader.start(fixture.request(split, [hub]));
    await downloader.finished("d1");
    expect(await fixture.visible()).toEqual(split);
    expect(await readdir(join(fixture.folder))).toEqual(["m"]);
  });

  test("of an empty file ends in an empty file", async () => {
    const empty = { "empty.gguf": Buffer.alloc(0) };
    const hub = await fixture.hub(empty);
    const downloader = await fixture.downloader();
    await downloader.start(fixture.request(empty, [hub]));
    await downloader.finished("d1");
    expect(await fixture.visible()).toEqual(empty);
  });

  test("of a file that is there already fetches nothing", async () => {
    const hub = await fixture.hub(model);
    await mkdir(fixture.folder, { recursive: true });
    await writeFile(join(fixture.folder, name), bytes);
    const downloader = await fixture.downloader();
    await downloader.start(fixture.request(model, [hub]));
    const done = await downloader.finished("d1");
    expect(done.files).toMatchObject([{ sha256, source: null }]);
    expect(hub.requests).toEqual([]);
  });

  test("never replaces another file of the same name", async () => {
    const hub = await fixture.hub(model);
    await mkdir(fixture.folder, { recursive: true });
    await writeFile(join(fixture.folder, name), "something of the user");
    const downloader = await fixture.downloader();
    await downloader.start(fixture.request(model, [hub]));
    await expect(downloader.finished("d1")).rejects.toMatchObject({ code: "MODEL_FOLDER_UNUSABLE" });
    expect(await readFile(join(fixture.folder, name), "utf8")).toBe("something of the user");
  });

  test("writes no token into its journal", async () => {
    const hub = await fixture.hub(model);
    const request = fixture.request(model, [hub]);
    const files = request.files.map((file) => ({
      ...file,
      sources: file.sources.map((source) => ({ ...source, token: "hf_secret" })),
    }));
    const downloader = await fixture.downloader();
    await downloader.start({ ...request, files });
    await downloader.finished("d1");
    const journals = await readdir(fixture.journals);
    expect(journals).toEqual(["d1.download.jsonl"]);
    const text = await readFile(join(fixture.journals, journals[0] ?? ""), "utf8");
    expect(text).toContain(hub.origin);
    expect(text).not.toContain("hf_secret");
    expect(hub.requests.some(({ headers }) => headers["authorization"] === "Bearer hf_secret")).toBe(true);
  });

  test.each([
    "../x.gguf",
    "/etc/x.gguf",
    "a/../../x.gguf",
    "C:\\x.gguf",
    "nul.gguf",
    "x.gguf.",
    ".downloads/d1/0.part",
  ])("of %j is refused", async (path) => {
    const downloader = await fixture.downloader();
    const request = { ...fixture.request(model, []), files: [fileOf(path)] };
    await expect(downloader.start(request)).rejects.toMatchObject({ code: "MODEL_FOLDER_UNUSABLE" });
    expect(downloader.list()).toEqual([]);
  });

  test.each([
    ["an id that is a path", { id: "../d1" }],
    ["no files", { files: [] }],
    ["a negative size", { files: [{ ...fileOf(name), sizeBytes: -1 }] }],
    ["a hash that is none", { files: [{ ...fileOf(name), sha256: "abc" }] }],
    ["no sources", { files: [{ ...fileOf(name), sources: [] }] }],
  ])("with %s is refused", async (_what, change: Partial<DownloadRequest>) => {
    const downloader = await fixture.downloader();
    const request = { ...fixture.request(model, []), files: [fileOf(name)], ...change };
    await expect(downloader.start(request)).rejects.toMatchObject({ code: "DOWNLOAD_FAILED" });
  });
});

function fileOf(path: string) {
  return { path, sizeBytes: 10, sha256: null, sources: [{ url: "http://127.0.0.1:9/x", name: "none" }] };
}

describe("a wrong hash", () => {
  const wrong = { ...model, [name]: Buffer.concat([bytes.subarray(0, -1), Buffer.from([(bytes.at(-1) ?? 0) ^ 1])]) };

  test("never becomes a model, is put aside, and the source is named", async () => {
    const hub = await fixture.hub(wrong);
    const downloader = await fixture.downloader();
    await downloader.start(fixture.request(model, [hub]));
    await expect(downloader.finished("d1")).rejects.toMatchObject({
      code: "DOWNLOAD_HASH_MISMATCH",
      data: { file: name, source: "hub0", expected: sha256, actual: sha256Of(wrong[name] as Buffer) },
    });
    expect(await fixture.visible()).toEqual({});
    expect(await readFile(join(fixture.folder, ".quarantine/d1-0.bad"))).toEqual(wrong[name]);
  });

  test("makes the next source send the whole file", async () => {
    const [bad, good] = [await fixture.hub(wrong), await fixture.hub(model)];
    const downloader = await fixture.downloader();
    await downloader.start(fixture.request(model, [bad, good]));
    const done = await downloader.finished("d1");
    expect(done.files).toMatchObject([{ sha256, source: "hub1" }]);
    expect(await fixture.visible()).toEqual(model);
    expect(await readdir(fixture.folder)).toEqual([name]);
  });

  test("is repaired block by block when the hashes of the blocks are known", async () => {
    const hub = await fixture.hub(model, firstRequests("cdn", 1, { kind: "wrong-byte", at: 100 }));
    const request = fixture.request(model, [hub]);
    const blocks = Array.from({ length: Math.ceil(bytes.length / 65_536) }, (_, index) =>
      sha256Of(bytes.subarray(index * 65_536, (index + 1) * 65_536)),
    );
    const files = request.files.map((file) => ({ ...file, blockHashes: { blockBytes: 65_536, sha256: blocks } }));
    const downloader = await fixture.downloader();
    await downloader.start({ ...request, files });
    await downloader.finished("d1");
    expect(await fixture.visible()).toEqual(model);
    expect(hub.requests.filter(({ kind }) => kind === "cdn").length).toBe(blocks.length + 1);
  });
});

describe("without a published hash", () => {
  test("the computed one is reported and the caller looks into the file first", async () => {
    const hub = await fixture.hub(model);
    const looked: Buffer[] = [];
    const downloader = await fixture.downloader({ validate: async (path) => void looked.push(await readFile(path)) });
    await downloader.start(fixture.request(model, [hub], false));
    const done = await downloader.finished("d1");
    expect(done.files).toMatchObject([{ sha256, wasExpected: false }]);
    expect(looked).toEqual([bytes]);
  });

  test("a file that the caller refuses never becomes visible", async () => {
    const hub = await fixture.hub(model);
    const refusal = deskError("MODEL_NOT_READABLE", { path: name, detail: "no GGUF" });
    const downloader = await fixture.downloader({ validate: () => Promise.reject(refusal) });
    await downloader.start(fixture.request(model, [hub], false));
    await expect(downloader.finished("d1")).rejects.toMatchObject({ code: "MODEL_NOT_READABLE" });
    expect(await fixture.visible()).toEqual({});
  });

  test("bytes of two sources are never mixed", async () => {
    const other = { [name]: randomBytes(9, bytes.length) };
    const first = await fixture.hub(other, ({ kind, index }) =>
      kind === "cdn" && index > 8 ? { kind: "status", status: 404 } : null,
    );
    const second = await fixture.hub(model);
    const downloader = await fixture.downloader();
    await downloader.start(fixture.request(model, [first, second], false));
    const done = await downloader.finished("d1");
    expect(done.files).toMatchObject([{ source: "hub1" }]);
    expect(await fixture.visible()).toEqual(model);
  });
});

test("with a hash a mirror goes on in the middle of the file", async () => {
  const first = await fixture.hub(model, ({ kind, index }) =>
    kind === "cdn" && index > 8 ? { kind: "status", status: 404 } : null,
  );
  const second = await fixture.hub(model);
  const downloader = await fixture.downloader();
  await downloader.start(fixture.request(model, [first, second]));
  const done = await downloader.finished("d1");
  expect(done.files).toMatchObject([{ source: "hub0 + hub1" }]);
  expect(second.requests.filter(({ kind }) => kind === "cdn").length).toBeLessThan(11);
  expect(await fixture.visible()).toEqual(model);
});

test("a server without ranges is fetched in one piece", async () => {
  const hub = await fixture.hub(model, () => ({ kind: "ignore-range" }));
  const downloader = await fixture.downloader();
  await downloader.start(fixture.request(model, [hub]));
  await downloader.finished("d1");
  expect(await fixture.visible()).toEqual(model);
});

test("progress comes at most ten times a second and never goes back or beyond", async () => {
  const hub = await fixture.hub(model);
  const downloader = await fixture.downloader({ limits: { bytesPerSecond: 500_000, maxRunning: 1, schedule: null } });
  const views: DownloadView[] = [];
  downloader.watch((view) => views.push(view));
  const startedAt = performance.now();
  await downloader.start(fixture.request(model, [hub]));
  await downloader.finished("d1");
  const seconds = (performance.now() - startedAt) / 1000;
  const running = views.filter(({ state }) => state === "running");
  expect(running.length).toBeLessThanOrEqual(seconds * 10 + 3);
  const received = views.map(({ receivedBytes }) => receivedBytes);
  expect(received).toEqual(received.toSorted((a, b) => a - b));
  expect(Math.max(...received)).toBe(bytes.length);
});
