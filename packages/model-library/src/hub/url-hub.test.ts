import { contentOfBytes, createLoopbackHttpClient, startFakeHub } from "@deskside/testing/fake-hub";
import { expect, test } from "vitest";
import type { HttpClient } from "./http-client.ts";
import { createUrlHub } from "./url-hub.ts";

const http: HttpClient = createLoopbackHttpClient();
const hub = createUrlHub({ http, retries: { wait: () => Promise.resolve() } });
const content = contentOfBytes(Buffer.from("GGUF and more"));
const repos = [{ id: "acme/tiny", files: { "a b.gguf": content } }];

test("a file at a plain address has a size, its ETag as revision and no hash", async () => {
  await using fake = await startFakeHub({ repos });
  const url = `${fake.cdnOrigin}/cdn/acme/tiny/any/a%20b.gguf`;
  expect(await hub.describe(url)).toEqual({
    repo: url,
    revision: `cdn-${content.sha256.slice(0, 32)}`,
    gated: false,
    licence: null,
    files: [{ path: "a b.gguf", sizeBytes: 13, sha256: null }],
  });
  expect(hub.fileUrl(url, "x", "y")).toBe(url);
  expect(hub.fileSource(url, "x", "y")).toEqual({ url, name: new URL(url).host });
});

test("an ETag that is a SHA-256 is the hash", async () => {
  await using fake = await startFakeHub({ repos });
  const { files } = await hub.describe(`${fake.origin}/models/acme/tiny/resolve/master/a%20b.gguf`);
  expect(files).toEqual([{ path: "a b.gguf", sizeBytes: 13, sha256: content.sha256 }]);
});

test("a server that ignores ranges still tells the size", async () => {
  await using fake = await startFakeHub({ repos, misbehave: () => ({ kind: "ignore-range" }) });
  expect((await hub.describe(`${fake.cdnOrigin}/cdn/acme/tiny/any/a%20b.gguf`)).files[0]?.sizeBytes).toBe(13);
});

test("a missing file and a server that is down", async () => {
  await using fake = await startFakeHub({ repos });
  await expect(hub.describe(`${fake.origin}/cdn/acme/tiny/any/b.gguf`)).rejects.toMatchObject({
    code: "HUB_FILE_NOT_FOUND",
    data: { wanted: "b.gguf" },
  });
  fake.misbehave = () => ({ kind: "status", status: 500 });
  await expect(hub.describe(`${fake.origin}/b.gguf`)).rejects.toMatchObject({ code: "HUB_UNAVAILABLE" });
});

test.each([
  "acme/tiny",
  "ftp://files.example/a.gguf",
  "file:///a.gguf",
  "https://user:secret@files.example/a.gguf",
  "https://files.example/a.safetensors",
  "https://files.example/..%2fa.gguf",
  "https://files.example/%zz.gguf",
])("%s is refused without a request", async (url) => {
  await expect(hub.describe(url)).rejects.toMatchObject({ code: "INVALID_INPUT" });
});
