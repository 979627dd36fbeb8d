import { mkdir, mkdtempDisposable, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeGguf, tinyLlama } from "@deskside/testing";
import { contentOfBytes, type FakeHub, type FakeHubRepo, startFakeHub } from "@deskside/testing/fake-hub";
import type { DownloadEvent, DownloadRequest, PullResult } from "@deskside/contract";
import { expect, test } from "vitest";
import { startBackend, type TestBackend } from "../test/start-backend.ts";

const repo = "maker/Tiny-GGUF";

function tinyRepo(options: { seed?: number; change?: (bytes: Buffer) => Buffer } = {}): FakeHubRepo {
  const bytes = Buffer.from(encodeGguf(tinyLlama({ seed: options.seed ?? 1 })).bytes);
  const file = options.change ? options.change(bytes) : bytes;
  return {
    id: repo,
    licence: "cc0-1.0",
    files: { "tiny-F32.gguf": contentOfBytes(file), "README.md": contentOfBytes(Buffer.from("#")) },
  };
}

function fileOf(hub: FakeHub) {
  const content = hub.repos[0]?.files["tiny-F32.gguf"];
  if (!content) throw new Error("no file");
  return content;
}

type Client = ReturnType<TestBackend["connect"]>;

async function pull(client: Client, hub: FakeHub, change: Partial<DownloadRequest> = {}): Promise<DownloadEvent> {
  const fileHosts = [new URL(hub.cdnOrigin).host];
  const { id } = await client.library.download.start({ repo, hub: hub.origin, fileHosts, ...change });
  let last: DownloadEvent | undefined;
  for await (const event of await client.library.download.watch({ id })) last = event;
  if (!last) throw new Error("no event");
  return last;
}

function resultOf(event: DownloadEvent): PullResult {
  if (event.type === "done") return event.result;
  throw new Error(JSON.stringify(event));
}

test("a model is found, fetched, tried, listed and answers", { timeout: 120_000 }, async () => {
  await using hub = await startFakeHub({ repos: [tinyRepo()] });
  await using backend = await startBackend();
  const client = backend.connect();
  const described = await client.library.describe({ repo, hub: hub.origin });
  expect(described).toMatchObject({ repo, gated: false, licence: "cc0-1.0", files: [{ path: "tiny-F32.gguf" }] });

  // The hub hands its files out from another port of the same host, and is named by what its answer said.
  const ask = () => client.library.remoteFacts({ repo, hub: described.hub, file: "tiny-F32.gguf" });
  expect(await ask()).toMatchObject({ architecture: "llama", kind: "model", fileBytes: fileOf(hub).sizeBytes });

  const result = resultOf(await pull(client, hub));
  const { sha256, sizeBytes } = fileOf(hub);
  expect(result).toMatchObject({ bytes: sizeBytes, sha256, revision: described.revision, source: hub.origin });
  expect((await readFile(result.file)).length).toBe(sizeBytes);

  const listed = (await client.model.list()).find(({ id }) => id === result.id);
  expect(listed).toMatchObject({ builtIn: false, problem: null, role: "chat" });
  expect(await client.library.show({ modelId: result.id })).toMatchObject({
    repo,
    versions: [{ state: "current", sha256, source: hub.origin }],
  });
  expect(await client.library.verify({ modelId: result.id })).toMatchObject({ ok: true, sha256 });
  expect(await client.library.facts({ modelId: result.id })).toMatchObject({
    architecture: "llama",
    licence: "cc0-1.0",
  });

  // The outbound record has every request, and the door is shut again.
  const outbound = await client.system.egress({});
  expect(outbound.every(({ caller, host }) => caller === "library" && host === "127.0.0.1")).toBe(true);
  expect(outbound.map(({ purpose }) => purpose)).toContain("model-download");

  // The same again is recognised without fetching.
  const before = hub.sentBytes;
  expect(resultOf(await pull(client, hub))).toEqual(result);
  expect(hub.sentBytes - before).toBeLessThan(sizeBytes / 2);

  const slot = await backend.backend.services.engines.slot(result.id);
  {
    using _answer = slot.occupy();
    await expect(client.library.remove({ modelId: result.id })).rejects.toMatchObject({ code: "MODEL_IN_USE" });
  }
  await expect(client.library.remove({ modelId: "starter" })).rejects.toMatchObject({ code: "UNSUPPORTED" });
  const { bytes } = await client.library.remove({ modelId: result.id });
  expect(bytes).toBeGreaterThanOrEqual(sizeBytes);
  expect((await client.model.list()).some(({ id }) => id === result.id)).toBe(false);
  const [trashed] = (await client.library.storage()).trash;
  expect(await client.library.restore({ id: trashed?.id ?? "" })).toMatchObject({ id: result.id, problem: null });
});

test("a new version replaces the one before only after it ran, and one step leads back", {
  timeout: 120_000,
}, async () => {
  await using hub = await startFakeHub({ repos: [tinyRepo()] });
  await using backend = await startBackend();
  const client = backend.connect();
  const first = resultOf(await pull(client, hub));

  // Whole and as published, but the file ends before its tensors do.
  hub.repos = [tinyRepo({ seed: 2, change: (bytes) => bytes.subarray(0, bytes.length - 2_000) })];
  expect(await pull(client, hub)).toMatchObject({ type: "failed", error: { code: "GGUF_TRUNCATED" } });
  expect((await client.library.show({ modelId: first.id })).versions).toMatchObject([{ sha256: first.sha256 }]);

  hub.repos = [tinyRepo({ seed: 3 })];
  const second = resultOf(await pull(client, hub));
  expect(second.id).toBe(first.id);
  expect(second.sha256).not.toBe(first.sha256);
  expect((await client.library.show({ modelId: first.id })).versions).toMatchObject([
    { state: "current", sha256: second.sha256 },
    { state: "previous", sha256: first.sha256 },
  ]);

  const back = await client.library.useVersion({ modelId: first.id });
  expect(back.versions[0]).toMatchObject({ state: "current", sha256: first.sha256 });
  expect(await client.library.test({ modelId: first.id })).toMatchObject({ passed: true, step: null });
});

test("bytes that are not what the hub announced never become a model", { timeout: 60_000 }, async () => {
  await using hub = await startFakeHub({
    repos: [tinyRepo()],
    misbehave: ({ kind }) => (kind === "cdn" ? { kind: "wrong-byte", at: 60_000 } : null),
  });
  await using backend = await startBackend();
  const client = backend.connect();
  const event = await pull(client, hub);
  expect(event).toMatchObject({ type: "failed", error: { code: "DOWNLOAD_HASH_MISMATCH" } });
  expect((await client.library.storage()).models).toEqual([]);
});

test("what a hub refuses is named", { timeout: 60_000 }, async () => {
  await using hub = await startFakeHub({ repos: [{ ...tinyRepo(), gated: true }] });
  await using backend = await startBackend();
  const client = backend.connect();
  const codeOf = (change: Partial<DownloadRequest>) =>
    pull(client, hub, change).then(
      (event) => event.type,
      (error: unknown) => (error as { code: string }).code,
    );
  expect(await codeOf({})).toBe("HUB_GATED");
  hub.repos = [tinyRepo()];
  expect(await codeOf({ repo: "maker/none" })).toBe("HUB_REPO_NOT_FOUND");
  expect(await codeOf({ file: "Q9_Z" })).toBe("HUB_FILE_NOT_FOUND");
  expect(await codeOf({ hub: "ftp://hub.example" })).toBe("INVALID_INPUT");
  // Where the hub sends on to is on nobody's list.
  hub.misbehave = ({ kind }) => (kind === "resolve" ? { kind: "redirect", to: "http://10.1.1.1/x" } : null);
  expect(await codeOf({ fileHosts: [] })).toBe("failed");
});

test("a download goes on with the next start of the backend", { timeout: 120_000 }, async () => {
  await using hub = await startFakeHub({ repos: [tinyRepo()] });
  await using folder = await mkdtempDisposable(join(tmpdir(), "deskside-downloads-"));
  const dataDir = folder.path;
  hub.misbehave = ({ kind }) => (kind === "cdn" ? { kind: "slow-drip", bytesPerTick: 512, everyMs: 20 } : null);
  let id: string;
  {
    await using first = await startBackend({ dataDir });
    const client = first.connect();
    const fileHosts = [new URL(hub.cdnOrigin).host];
    ({ id } = await client.library.download.start({ repo, hub: hub.origin, fileHosts }));
    for await (const { download } of await client.library.download.watch({ id })) {
      if (download.receivedBytes > 0) break;
    }
  }
  hub.misbehave = () => null;
  await using second = await startBackend({ dataDir });
  const client = second.connect();
  let last: DownloadEvent | undefined;
  for await (const event of await client.library.download.watch({ id })) last = event;
  expect(last).toMatchObject({ type: "done", result: { sha256: fileOf(hub).sha256 } });
});

test("a download can be paused, gone on with and cancelled", { timeout: 120_000 }, async () => {
  await using hub = await startFakeHub({ repos: [tinyRepo()] });
  await using backend = await startBackend();
  const client = backend.connect();
  hub.misbehave = ({ kind }) => (kind === "cdn" ? { kind: "slow-drip", bytesPerTick: 64, everyMs: 20 } : null);
  const fileHosts = [new URL(hub.cdnOrigin).host];
  const { id } = await client.library.download.start({ repo, hub: hub.origin, fileHosts });
  await client.library.download.pause({ id });
  expect(await client.library.download.list()).toMatchObject([{ id, state: "paused", pausedBy: "user" }]);
  await client.library.download.resume({ id });
  const states: string[] = [];
  for await (const { download } of await client.library.download.watch({ id })) {
    states.push(download.state);
    if (download.state === "running" && download.receivedBytes > 0) await client.library.download.cancel({ id });
  }
  expect(states.at(-1)).toBe("cancelled");
  await client.library.download.cancel({ id });
  await client.library.download.forget({ id });
  expect(await client.library.download.list()).toEqual([]);
  await expect(client.library.download.pause({ id })).rejects.toMatchObject({ code: "DOWNLOAD_NOT_FOUND" });
});

test("a folder, such as that of a USB drive, is a hub like any other", { timeout: 60_000 }, async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "deskside-stick-"));
  const { bytes } = encodeGguf(tinyLlama({ seed: 7 }));
  await mkdir(join(folder.path, "models"));
  await writeFile(join(folder.path, "models", "tiny-Q8_0.gguf"), bytes);
  await using backend = await startBackend();
  const client = backend.connect();
  const { id } = await client.library.download.start({ repo: "models", hub: folder.path });
  let last: DownloadEvent | undefined;
  for await (const event of await client.library.download.watch({ id })) last = event;
  const result = last && resultOf(last);
  expect(result).toMatchObject({ bytes: bytes.length, revision: "local", source: folder.path });
  expect((await readFile(result?.file ?? "")).equals(bytes)).toBe(true);
  expect(await client.system.egress({})).toEqual([]);
});

test("the mirror of the settings steps in for a hub that is down, and for one that sends wrong bytes", {
  timeout: 120_000,
}, async () => {
  await using first = await startFakeHub({ repos: [tinyRepo()] });
  await using mirror = await startFakeHub({ repos: [tinyRepo()] });
  await using backend = await startBackend();
  const client = backend.connect();
  const fileHosts = [first, mirror].map(({ cdnOrigin }) => new URL(cdnOrigin).host);
  await client.settings.set({ key: "library.hubUrl", value: first.origin });
  await client.settings.set({ key: "library.mirrors", value: [mirror.origin] });
  await client.settings.set({ key: "library.privateFileHosts", value: fileHosts });
  expect((await client.library.hubs()).slice(0, 2)).toMatchObject([
    { baseUrl: first.origin, configured: true },
    { baseUrl: mirror.origin, configured: true },
  ]);
  const fetchModel = async () => {
    const { id } = await client.library.download.start({ repo });
    let last: DownloadEvent | undefined;
    for await (const event of await client.library.download.watch({ id })) last = event;
    if (!last) throw new Error("no event");
    return resultOf(last);
  };

  first.misbehave = ({ kind }) => (kind === "cdn" ? { kind: "wrong-byte", at: 70_000 } : null);
  const result = await fetchModel();
  expect(result).toMatchObject({ sha256: fileOf(first).sha256, source: mirror.origin });
  await client.library.remove({ modelId: result.id });
  await client.library.emptyTrash({});

  first.misbehave = () => ({ kind: "reset" });
  expect(await fetchModel()).toMatchObject({ sha256: fileOf(mirror).sha256, source: mirror.origin });
});
