import { contentOfBytes, contentOfSeed, createLoopbackHttpClient, startFakeHub } from "@deskside/testing/fake-hub";
import { expect, test } from "vitest";
import { compareSpeeds } from "./compare-speeds.ts";
import { findNearestGguf } from "./find-nearest-gguf.ts";
import type { HttpClient } from "./http-client.ts";
import { createHuggingFaceHub } from "./hugging-face-hub.ts";

const http: HttpClient = createLoopbackHttpClient({ timeoutMs: 500 });

test("each source is measured once on the same range; a failing one is named, another file is noticed", async () => {
  const file = contentOfSeed(5_000_000, 1);
  const repos = [
    { id: "acme/a", files: { "a.gguf": file } },
    { id: "acme/b", files: { "a.gguf": contentOfSeed(5_000_000, 2) } },
  ];
  await using fake = await startFakeHub({ repos });
  const source = (repo: string) => ({ url: `${fake.origin}/${repo}/resolve/main/a.gguf`, name: repo });
  let now = 0;
  const clock = { now: () => 0, monotonic: () => (now += 500) };
  const all = ["acme/a", "acme/b", "acme/none"].map(source);
  const [first, other, missing] = await compareSpeeds(http, all, { bytes: 1_000_000, clock });
  expect(first).toMatchObject({ bytesPerSecond: 2_000_000, receivedBytes: 1_000_000, error: null });
  expect(other?.sha256).not.toBe(first?.sha256);
  expect(missing).toMatchObject({ bytesPerSecond: null, error: { code: "HUB_UNAVAILABLE", data: { status: 401 } } });
  expect(fake.requests.filter(({ kind }) => kind === "cdn").map(({ range }) => range)).toEqual([
    { start: 0, end: 1_000_000 },
    { start: 0, end: 1_000_000 },
  ]);
});

test("a broken source is not tried twice, and the signal's reason is thrown", async () => {
  const repos = [{ id: "acme/a", files: { "a.gguf": contentOfSeed(100_000, 1) } }];
  await using fake = await startFakeHub({ repos, misbehave: () => ({ kind: "reset" }) });
  const source = { url: `${fake.origin}/acme/a/resolve/main/a.gguf`, name: "a" };
  expect(await compareSpeeds(http, [source])).toMatchObject([{ error: { code: "HUB_UNAVAILABLE" } }]);
  expect(fake.requests).toHaveLength(1);
  const stop = new AbortController();
  const reason = new Error("enough");
  fake.misbehave = () => {
    setImmediate(() => stop.abort(reason));
    return { kind: "stall", afterBytes: 0 };
  };
  fake.repos = repos;
  await expect(compareSpeeds(http, [source], { signal: stop.signal })).rejects.toBe(reason);
});

test("the nearest GGUF of a repository without is the most downloaded of its name", async () => {
  const files = { "a.gguf": contentOfBytes(Buffer.from("GGUF")) };
  const repos = [
    { id: "Qwen/Qwen3-8B-AWQ", downloads: 99, files: { "a.safetensors": contentOfBytes(Buffer.from("x")) } },
    { id: "small/Qwen3-8B-GGUF", downloads: 5, files },
    { id: "bartowski/Qwen_Qwen3-8B-GGUF", downloads: 50, files },
    { id: "other/Qwen3-8B-Instruct-GGUF", downloads: 500, files },
  ];
  await using fake = await startFakeHub({ repos });
  const hub = createHuggingFaceHub({ http, baseUrl: fake.origin });
  expect(await findNearestGguf(hub, "Qwen/Qwen3-8B-AWQ", "Q4_K_M")).toBe("bartowski/Qwen_Qwen3-8B-GGUF:Q4_K_M");
  expect(await findNearestGguf(hub, "acme/Unknown-FP8", "Q8_0")).toBeNull();
});
