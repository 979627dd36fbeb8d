import { encodeGguf, tinyLlama } from "@deskside/testing";
import { contentOfBytes, type FakeHubContent, type FakeHubRepo, startFakeHub } from "@deskside/testing/fake-hub";
import { expect, test } from "vitest";
import { startBackend, type TestBackend } from "../../test/start-backend.ts";

const repo = "maker/Tiny-GGUF";
type Client = ReturnType<TestBackend["connect"]>;

function tinyRepo(layers = 1, seed = 1): FakeHubRepo {
  const bytes = Buffer.from(encodeGguf(tinyLlama({ seed, layers })).bytes);
  return { id: repo, files: { "tiny-F32.gguf": contentOfBytes(bytes) } };
}

async function untilState(client: Client, id: string, isSo: (state: string, pausedBy: string | null) => boolean) {
  for await (const { download } of await client.library.download.watch({ id })) {
    if (isSo(download.state, download.pausedBy)) return download;
  }
  throw new Error("it ended before");
}

test("what describe calls a hub is accepted everywhere", { timeout: 60_000 }, async () => {
  await using hub = await startFakeHub({ repos: [tinyRepo()] });
  await using backend = await startBackend();
  const client = backend.connect();
  const described = await client.library.describe({ repo, hub: hub.origin });
  const asked = { repo, hub: described.hub, revision: described.revision };
  expect(await client.library.describe(asked)).toEqual(described);
  expect(await client.library.remoteFacts({ ...asked, file: "tiny-F32.gguf" })).toMatchObject({ kind: "model" });
  const { id } = await client.library.download.start(asked);
  expect(await untilState(client, id, (state) => state === "done")).toMatchObject({ repo });
  await client.settings.set({ key: "library.hubUrl", value: hub.origin });
  const [configured] = await client.library.hubs();
  expect(configured).toMatchObject({ id: new URL(hub.origin).host, configured: true });
  expect(await client.library.describe({ repo, hub: configured?.id ?? "" })).toEqual(described);
  expect(await client.library.search({ query: "tiny", hub: configured?.id ?? "" })).toMatchObject([{ repo }]);
});

test("hubs are compared by the start of one file, only when somebody asks", { timeout: 60_000 }, async () => {
  await using first = await startFakeHub({ repos: [tinyRepo()] });
  await using same = await startFakeHub({ repos: [tinyRepo()] });
  await using other = await startFakeHub({ repos: [tinyRepo(1, 2)] });
  await using backend = await startBackend({
    policy: { "library.hubUrl": first.origin, "library.mirrors": [same.origin, other.origin, "http://127.0.0.1:9"] },
  });
  const client = backend.connect();
  expect(same.requests).toEqual([]);
  const { revision } = await client.library.describe({ repo, hub: null });
  other.repos = [{ ...tinyRepo(1, 2), commit: revision }];
  const comparison = await client.library.compareHubs({ repo, revision, file: "F32" });
  expect(comparison).toMatchObject({ repo, file: "tiny-F32.gguf" });
  const [one, two, three, four] = comparison.speeds;
  expect(one).toMatchObject({ hub: first.origin, sameFile: true, error: null });
  expect(one?.bytesPerSecond).toBeGreaterThan(0);
  expect(two).toMatchObject({ hub: same.origin, sameFile: true });
  expect(three).toMatchObject({ hub: other.origin, sameFile: false });
  expect(four).toMatchObject({ hub: "http://127.0.0.1:9", bytesPerSecond: null, sameFile: null });
  expect(four?.error?.code).toMatch(/HUB_UNAVAILABLE|EGRESS_FAILED|EGRESS_BLOCKED/);
});

test("a running download goes on from another hub with what it has", { timeout: 120_000 }, async () => {
  const large = tinyRepo(12, 5);
  await using slow = await startFakeHub({
    repos: [large],
    misbehave: ({ kind }) => (kind === "cdn" ? { kind: "slow-drip", bytesPerTick: 4096, everyMs: 20 } : null),
  });
  await using fast = await startFakeHub({ repos: [large] });
  await using wrong = await startFakeHub({ repos: [{ ...tinyRepo(12, 6) }] });
  await using empty = await startFakeHub({ repos: [] });
  await using backend = await startBackend();
  const client = backend.connect();
  const { id, totalBytes } = await client.library.download.start({ repo, hub: slow.origin });
  for await (const { download } of await client.library.download.watch({ id })) {
    if (download.receivedBytes > totalBytes / 4) break;
  }
  await expect(client.library.download.switchSource({ id, hub: empty.origin })).rejects.toMatchObject({
    code: "HUB_REPO_NOT_FOUND",
  });
  wrong.repos = [{ ...tinyRepo(12, 6), commit: (await client.library.describe({ repo, hub: slow.origin })).revision }];
  await expect(client.library.download.switchSource({ id, hub: wrong.origin })).rejects.toMatchObject({
    code: "DOWNLOAD_CHANGED",
  });
  const switched = await client.library.download.switchSource({ id, hub: fast.origin });
  expect(switched.sources).toEqual([new URL(fast.origin).host, new URL(slow.origin).host]);
  const done = await untilState(client, id, (state) => state === "done");
  expect(done).toMatchObject({ receivedBytes: totalBytes });
  expect(fast.sentBytes).toBeLessThan(totalBytes * 0.9);
  expect(fast.sentBytes).toBeGreaterThan(totalBytes * 0.2);
});

test("a repository without GGUF names the nearest one", { timeout: 60_000 }, async () => {
  const weights = { "model.safetensors": contentOfBytes(Buffer.from("x")) };
  await using hub = await startFakeHub({
    repos: [
      { id: "maker/Tiny-AWQ", files: weights },
      { ...tinyRepo(), downloads: 9 },
    ],
  });
  await using backend = await startBackend();
  const client = backend.connect();
  const { nearest } = await client.library.describe({ repo: "maker/Tiny-AWQ", hub: hub.origin });
  expect(nearest).toEqual({ format: "AWQ", quantization: "Q4_K_M", repo });
  expect(await client.library.describe({ repo, hub: hub.origin })).toMatchObject({ nearest: null });
  await expect(client.library.download.start({ repo: "maker/Tiny-AWQ", hub: hub.origin })).rejects.toMatchObject({
    ...{ code: "UNSUPPORTED_FORMAT", data: { format: "AWQ", nearest: "Q4_K_M", where: repo } },
  });
  const files = { "tiny-Q4_K_M.gguf": tinyRepo().files["tiny-F32.gguf"] as FakeHubContent };
  hub.repos = [
    { id: "maker/Tiny-AWQ", files: weights },
    { id: repo, files },
  ];
  await expect(client.library.download.start({ repo: "maker/Tiny-AWQ", hub: hub.origin })).rejects.toMatchObject({
    data: { where: `${repo}:Q4_K_M` },
  });
});
