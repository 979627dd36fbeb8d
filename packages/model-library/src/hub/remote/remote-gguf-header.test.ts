import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSeededRandom, encodeGguf, tinyLlama } from "@deskside/testing";
import {
  contentOfBytes,
  createLoopbackHttpClient,
  type FakeHub,
  type FakeHubContent,
  firstRequests,
  type Misbehaviour,
  startFakeHub,
} from "@deskside/testing/fake-hub";
import { afterEach, describe, expect, test } from "vitest";
import { readGgufHeader } from "../../gguf/gguf-header.ts";
import type { HttpClient } from "../http-client.ts";
import { createHuggingFaceHub } from "../hugging-face-hub.ts";
import { createModelScopeHub } from "../modelscope-hub.ts";
import { readRemoteGgufHeader } from "./remote-gguf-header.ts";

const http: HttpClient = createLoopbackHttpClient({ timeoutMs: 300 });
const retries = { wait: () => Promise.resolve() };
const chunkBytes = 512 * 1024;

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const tiny = encodeGguf(tinyLlama()).bytes;

/** A head followed by so many weights that fetching them would be noticed. */
function withLongHead(): Buffer {
  const spec = tinyLlama();
  const padding = Array.from({ length: 40 }, (_, index) => {
    return [`padding.${index}`, { type: "string", value: "x".repeat(60_000) }] as const;
  });
  return Buffer.from(encodeGguf({ ...spec, metadata: [...padding, ...spec.metadata] }).bytes);
}

async function start(content: FakeHubContent, options: { gated?: boolean } = {}) {
  const repo = { id: "acme/tiny", files: { "a b.gguf": content }, ...options };
  const fake: FakeHub = await startFakeHub({ repos: [repo] });
  cleanups.push(async () => fake[Symbol.asyncDispose]());
  const hub = createHuggingFaceHub({ http, baseUrl: fake.origin });
  const modelScope = createModelScopeHub({ http, baseUrl: fake.origin });
  const source = hub.fileSource("acme/tiny", "main", "a b.gguf");
  return { fake, source, modelScopeSource: modelScope.fileSource("acme/tiny", "master", "a b.gguf") };
}

async function readLocally(bytes: Uint8Array) {
  const folder = await mkdtemp(join(tmpdir(), "deskside-remote-header-"));
  cleanups.push(async () => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "model.gguf");
  await writeFile(path, bytes);
  return readGgufHeader(path);
}

describe("a header over ranges", () => {
  test("is the one that the file on disk has", async () => {
    const bytes = withLongHead();
    const { source, modelScopeSource } = await start(contentOfBytes(bytes));
    const local = await readLocally(bytes);
    expect(local.headerBytes).toBeGreaterThan(4 * chunkBytes);
    expect(await readRemoteGgufHeader(http, source)).toEqual({ ...local, path: source.url });
    // There, parts come with status 200.
    expect(await readRemoteGgufHeader(http, modelScopeSource)).toEqual({ ...local, path: modelScopeSource.url });
  });

  test("only the header is fetched of a file of 8 GiB", async () => {
    const small = encodeGguf(tinyLlama());
    const spec = tinyLlama();
    const huge = encodeGguf({
      ...spec,
      tensors: [...spec.tensors, { name: "extra.weight", type: "F32", shape: [256, 1] }],
    });
    const head = Buffer.from(huge.bytes.subarray(0, huge.headerBytes));
    const isRows = ({ label, kind }: { label: string; kind: string }) =>
      kind === "dimension" && label.endsWith("of extra.weight");
    const rows = huge.fields.filter(isRows)[1];
    head.writeBigUInt64LE(2n ** 23n, rows?.at ?? 0);
    const sizeBytes = small.bytes.length + 2 ** 33 + huge.headerBytes;
    const read = (from: number, to: number): Buffer => {
      const bytes = Buffer.alloc(to - from);
      if (from < head.length) head.copy(bytes, 0, from);
      return bytes;
    };
    const { fake, source } = await start({ sizeBytes, sha256: "0".repeat(64), read });
    const header = await readRemoteGgufHeader(http, source, { sizeBytes });
    expect(header.tensors.at(-1)?.bytes).toBe(2 ** 33);
    expect(fake.sentBytes).toBeLessThan(2 * chunkBytes);
  });

  test("a server that ignores ranges is not read further than needed", async () => {
    const bytes = Buffer.concat([withLongHead(), Buffer.alloc(32 * 1024 * 1024)]);
    const { fake, source } = await start(contentOfBytes(bytes));
    fake.misbehave = ({ kind }) => (kind === "cdn" ? { kind: "ignore-range" } : null);
    expect((await readRemoteGgufHeader(http, source)).fileBytes).toBe(bytes.length);
    expect(fake.sentBytes).toBeLessThan(32 * 1024 * 1024);
  });
});

test("a split model is one header over all its parts, and refused with a part missing", async () => {
  const spec = tinyLlama();
  const half = Math.ceil(spec.tensors.length / 2);
  const parts = [spec.tensors.slice(0, half), spec.tensors.slice(half)].map((tensors, index) => {
    const own = [
      ["split.no", { type: "u16", value: index }],
      ["split.count", { type: "u16", value: 2 }],
      ["split.tensors.count", { type: "i32", value: spec.tensors.length }],
    ] as const;
    return encodeGguf({ metadata: index === 0 ? [...spec.metadata, ...own] : own, tensors }).bytes;
  });
  const files = Object.fromEntries(
    parts.map((bytes, index) => [`m-0000${index + 1}-of-00002.gguf`, contentOfBytes(bytes)]),
  );
  await using fake = await startFakeHub({ repos: [{ id: "acme/split", files }] });
  const hub = createHuggingFaceHub({ http, baseUrl: fake.origin });
  const [first, second] = Object.keys(files).map((path) => hub.fileSource("acme/split", "main", path));
  if (!first || !second) throw new Error("two parts");
  const header = await readRemoteGgufHeader(http, first, { laterParts: [second] });
  expect(header.tensors.map(({ name }) => name)).toEqual(spec.tensors.map(({ name }) => name));
  await expect(readRemoteGgufHeader(http, first)).rejects.toMatchObject({ data: { problem: "split-file" } });
  await expect(readRemoteGgufHeader(http, first, { laterParts: [first] })).rejects.toMatchObject({
    code: "GGUF_INVALID",
  });
});

describe("what is wrong with the file", () => {
  test("a truncated one is known from its size", async () => {
    const cut = tiny.subarray(0, tiny.length - 1);
    const { source } = await start(contentOfBytes(cut));
    await expect(readRemoteGgufHeader(http, source)).rejects.toMatchObject({
      code: "GGUF_TRUNCATED",
      data: { expectedBytes: tiny.length, actualBytes: cut.length },
    });
  });

  test.each([
    ["a web page", Buffer.from("<!doctype html>".repeat(10)), "GGUF_INVALID"],
    ["a few bytes", Buffer.from("GG"), "GGUF_TRUNCATED"],
  ])("%s is refused", async (_name, bytes, code) => {
    const { source } = await start(contentOfBytes(bytes));
    await expect(readRemoteGgufHeader(http, source, { retries })).rejects.toMatchObject({ code });
  });

  test("a head larger than the limit is not fetched to its end", async () => {
    const { bytes, fields } = encodeGguf({
      metadata: [["k", { type: "array", of: "string", values: [] }]],
      tensors: [],
    });
    const end = (fields.find(({ label }) => label === "count of k")?.at ?? 0) + 8;
    const head = Buffer.from(bytes.subarray(0, end));
    head.writeBigUInt64LE(30n * 2n ** 20n, end - 8);
    const read = (from: number, to: number): Buffer => {
      const part = Buffer.alloc(to - from);
      if (from < head.length) head.copy(part, 0, from);
      return part;
    };
    const { source } = await start({ sizeBytes: 2 ** 28, sha256: "0".repeat(64), read });
    await expect(readRemoteGgufHeader(http, source)).rejects.toMatchObject({ data: { problem: "header-too-large" } });
  });

  test("another size than the hub's list says", async () => {
    const { source } = await start(contentOfBytes(tiny));
    await expect(readRemoteGgufHeader(http, source, { sizeBytes: tiny.length + 1 })).rejects.toMatchObject({
      code: "DOWNLOAD_SIZE_MISMATCH",
      data: { expected: tiny.length + 1, actual: tiny.length },
    });
  });
});

describe("what the hub says instead", () => {
  test("gated and missing are told apart", async () => {
    const { source } = await start(contentOfBytes(tiny), { gated: true });
    await expect(readRemoteGgufHeader(http, source)).rejects.toMatchObject({
      code: "HUB_GATED",
      data: { repo: "acme/tiny" },
    });
    const other = { ...source, url: source.url.replace("a%20b", "c") };
    const { source: open } = await start(contentOfBytes(tiny));
    await expect(readRemoteGgufHeader(http, { ...open, url: open.url.replace("a%20b", "c") })).rejects.toMatchObject({
      code: "HUB_FILE_NOT_FOUND",
      data: { repo: "acme/tiny", wanted: "c.gguf" },
    });
    await expect(readRemoteGgufHeader(http, other)).rejects.toMatchObject({ code: "HUB_GATED" });
  });

  test.each([
    [{ kind: "wrong-range", shiftBytes: 100 }, "HUB_ANSWER_INVALID"],
    [{ kind: "html" }, "GGUF_INVALID"],
    [{ kind: "gzip" }, "HUB_ANSWER_INVALID"],
    [{ kind: "status", status: 503 }, "HUB_UNAVAILABLE"],
    [{ kind: "status", status: 416 }, "HUB_UNAVAILABLE"],
    [{ kind: "cut", afterBytes: 1000 }, "HUB_UNAVAILABLE"],
    [{ kind: "stall", afterBytes: 1000 }, "HUB_UNAVAILABLE"],
    [{ kind: "redirect-loop" }, "EGRESS_BLOCKED"],
    [{ kind: "shifted-bytes", shiftBytes: 100 }, "GGUF_INVALID"],
  ] satisfies [Misbehaviour, string][])("%j ends in %s", async (wrong, code) => {
    const { fake, source } = await start(contentOfBytes(withLongHead()));
    fake.misbehave = ({ kind }) => (kind === "cdn" ? wrong : null);
    await expect(readRemoteGgufHeader(http, source, { retries })).rejects.toMatchObject({ code });
  });

  test("a file that changes between two ranges", async () => {
    const { fake, source } = await start(contentOfBytes(withLongHead()));
    let parts = 0;
    fake.misbehave = ({ kind }) => (kind === "cdn" && parts++ > 0 ? { kind: "changed-file" } : null);
    await expect(readRemoteGgufHeader(http, source)).rejects.toMatchObject({ code: "DOWNLOAD_CHANGED" });
  });

  test("a connection that breaks is tried again", async () => {
    const { fake, source } = await start(contentOfBytes(withLongHead()));
    fake.misbehave = firstRequests("cdn", 3, { kind: "cut", afterBytes: 100_000 });
    expect((await readRemoteGgufHeader(http, source, { retries })).architecture).toBe("llama");
  });

  test("whatever goes wrong, the answer is the right header or a named error", async () => {
    const bytes = withLongHead();
    const { fake, source } = await start(contentOfBytes(bytes));
    const right = await readRemoteGgufHeader(http, source);
    const random = createSeededRandom(20_261);
    let ended = { right: 0, named: 0 };
    for (let run = 0; run < 60; run++) {
      fake.misbehave = ({ kind }) => (kind === "cdn" && random.next() < 0.3 ? anyOf(random) : null);
      try {
        expect(await readRemoteGgufHeader(http, source, { retries })).toEqual(right);
        ended = { ...ended, right: ended.right + 1 };
      } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/^(HUB|GGUF|DOWNLOAD|EGRESS)_/) });
        ended = { ...ended, named: ended.named + 1 };
      }
    }
    expect(Math.min(ended.right, ended.named)).toBeGreaterThan(5);
  });
});

/** Without what changes bytes unseen: only the hash of the whole file can tell. */
function anyOf(random: { below(limit: number): number }): Misbehaviour {
  const choices: readonly Misbehaviour[] = [
    { kind: "cut", afterBytes: random.below(600_000) },
    { kind: "wrong-range", shiftBytes: 1 + random.below(1000) },
    { kind: "ignore-range" },
    { kind: "wrong-length", byBytes: random.below(2000) - 1000 },
    { kind: "changed-file" },
    { kind: "status", status: 500 },
    { kind: "redirect-loop" },
    { kind: "huge-headers", bytes: 100_000 },
    { kind: "reset" },
    { kind: "gzip" },
  ];
  return choices[random.below(choices.length)] as Misbehaviour;
}
