import { createHash } from "node:crypto";
import { request as httpRequest } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { createSeededRandom } from "../gguf/seeded-random.ts";
import {
  commitOf,
  contentOfBytes,
  contentOfSeed,
  createLoopbackHttpClient,
  type FakeHub,
  firstRequests,
  type Misbehaviour,
  seededMisbehave,
  startFakeHub,
} from "./index.ts";

const content = contentOfSeed(3_000_000, 7);
const repo = { id: "acme/tiny", files: { "a.gguf": content, "notes.txt": contentOfBytes(Buffer.from("notes")) } };
const http = createLoopbackHttpClient({ timeoutMs: 300 });

let fake: FakeHub;
afterEach(async () => fake[Symbol.asyncDispose]());

async function start(wrong: Misbehaviour | null = null) {
  fake = await startFakeHub({ repos: [repo], misbehave: ({ kind }) => (kind === "cdn" ? wrong : null) });
  return fake;
}

async function fetchFile(headers: Record<string, string> = {}) {
  const url = `${fake.origin}/acme/tiny/resolve/main/a.gguf`;
  using response = await http.request({ url, headers, maxResponseBytes: 10_000_000 });
  const parts: Uint8Array[] = [];
  let error: unknown = null;
  try {
    for await (const part of response.body) parts.push(part);
  } catch (failure) {
    error = failure;
  }
  return { status: response.status, headers: response.headers, bytes: Buffer.concat(parts), error };
}

const part = { range: "bytes=1000-1999" };
const expected = Buffer.from(content.read(1000, 2000));

describe("a hub that behaves", () => {
  test("sends the file whose hash it names, whole and in parts", async () => {
    await start();
    const { bytes, status } = await fetchFile();
    expect(status).toBe(200);
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(content.sha256);
    const answer = await fetchFile(part);
    expect(answer).toMatchObject({ status: 206, headers: { "content-range": "bytes 1000-1999/3000000" } });
    expect(answer.bytes.equals(expected)).toBe(true);
    expect((await fetchFile({ range: "bytes=2999999-5000000" })).bytes).toHaveLength(1);
    expect((await fetchFile({ range: "bytes=3000000-" })).status).toBe(416);
    expect((await fetchFile({ ...part, "if-range": '"other"' })).status).toBe(200);
    const etag = answer.headers["etag"] ?? "";
    expect((await fetchFile({ ...part, "if-range": etag })).status).toBe(206);
  });

  test("a large file is linked with its size and hash; a small one comes from the hub itself", async () => {
    await start();
    const answer = await rawHead(`${fake.origin}/acme/tiny/resolve/main/a.gguf`);
    expect(answer).toMatchObject({
      "x-repo-commit": commitOf(repo),
      "x-linked-size": "3000000",
      "x-linked-etag": `"${content.sha256}"`,
      location: `${fake.cdnOrigin}/cdn/acme/tiny/${commitOf(repo)}/a.gguf`,
    });
    using small = await http.request({ url: `${fake.origin}/acme/tiny/resolve/main/notes.txt`, maxResponseBytes: 10 });
    // What `git hash-object` says about the five bytes.
    expect([small.finalUrl.startsWith(fake.origin), small.headers["etag"]]).toEqual([
      true,
      `"${createHash("sha1").update("blob 5\0notes").digest("hex")}"`,
    ]);
  });

  test("a gated repository is described, its files are not given", async () => {
    fake = await startFakeHub({ repos: [{ ...repo, gated: true }], token: "t" });
    const url = `${fake.origin}/acme/tiny/resolve/main/a.gguf`;
    const ask = async (token?: string) => {
      using response = await http.request({ url, maxResponseBytes: 10_000_000, ...(token ? { token } : {}) });
      return [response.status, response.headers["x-error-code"]];
    };
    expect([await ask(), await ask("other"), await ask("t")]).toEqual([
      [401, "GatedRepo"],
      [403, "GatedRepo"],
      [200, undefined],
    ]);
  });
});

describe("each misbehaviour is what it says", () => {
  test("bytes", async () => {
    await start({ kind: "wrong-byte", at: 10 });
    const { bytes } = await fetchFile(part);
    expect([...bytes].filter((byte, index) => byte !== expected[index])).toHaveLength(1);
    fake.misbehave = () => null;
    expect((await fetchFile(part)).bytes.equals(expected)).toBe(true);
  });

  test("ranges", async () => {
    await start({ kind: "wrong-range", shiftBytes: 5 });
    const wrong = await fetchFile(part);
    expect(wrong.headers["content-range"]).toBe("bytes 1005-2004/3000000");
    fake.misbehave = ({ kind }) => (kind === "cdn" ? { kind: "shifted-bytes", shiftBytes: 5 } : null);
    const shifted = await fetchFile(part);
    expect(shifted.headers["content-range"]).toBe("bytes 1000-1999/3000000");
    expect(shifted.bytes.equals(wrong.bytes)).toBe(true);
    fake.misbehave = ({ kind }) => (kind === "cdn" ? { kind: "ignore-range" } : null);
    expect(await fetchFile(part)).toMatchObject({ status: 200, bytes: { length: 3_000_000 } });
  });

  test("another file under another tag", async () => {
    await start();
    const before = await fetchFile(part);
    fake.misbehave = ({ kind }) => (kind === "cdn" ? { kind: "changed-file" } : null);
    const after = await fetchFile(part);
    expect(after.headers["etag"]).not.toBe(before.headers["etag"]);
    expect(after.bytes).toHaveLength(1000);
    expect(after.bytes.equals(before.bytes)).toBe(false);
  });

  test.each([
    { kind: "cut", afterBytes: 100 },
    { kind: "stall", afterBytes: 100 },
  ] as const)("$kind: so many bytes, then an error", async (wrong) => {
    await start(wrong);
    const { bytes, error } = await fetchFile(part);
    expect([bytes.length, error]).toEqual([100, expect.objectContaining({ code: "EGRESS_FAILED" })]);
  });

  test.each([5, -5])("a length off by %i", async (byBytes) => {
    await start({ kind: "wrong-length", byBytes });
    const { headers, error, bytes } = await fetchFile(part);
    expect(headers["content-length"]).toBe(String(1000 + byBytes));
    expect(headers["content-range"]).toBe(`bytes 1000-1999/${3_000_000 + byBytes}`);
    // Too few bytes break off; of too many the client reads what was announced.
    expect(byBytes > 0 ? error !== null : bytes.length === 995).toBe(true);
  });

  test("slow drip arrives whole", async () => {
    await start({ kind: "slow-drip", bytesPerTick: 100, everyMs: 1 });
    expect((await fetchFile(part)).bytes.equals(expected)).toBe(true);
  });

  test.each([
    [{ kind: "redirect-loop" }, "EGRESS_BLOCKED"],
    [{ kind: "redirect", to: "http://10.0.0.1/x" }, "EGRESS_BLOCKED"],
    [{ kind: "redirect", to: "http://169.254.169.254/latest" }, "EGRESS_BLOCKED"],
    [{ kind: "reset" }, "EGRESS_FAILED"],
    [{ kind: "huge-headers", bytes: 100_000 }, "EGRESS_FAILED"],
  ] as const)("%j is refused by the client", async (wrong, code) => {
    await start(wrong);
    await expect(fetchFile()).rejects.toMatchObject({ code });
  });

  test("status, page and gzip", async () => {
    await start();
    fake.misbehave = firstRequests("cdn", 1, { kind: "status", status: 429, retryAfter: "3" });
    expect(await fetchFile()).toMatchObject({ status: 429, headers: { "retry-after": "3" } });
    expect((await fetchFile(part)).status).toBe(206);
    fake.misbehave = ({ kind }) => (kind === "cdn" ? { kind: "html" } : null);
    expect(await fetchFile(part)).toMatchObject({ status: 200, headers: { "content-type": "text/html" } });
    fake.misbehave = ({ kind }) => (kind === "cdn" ? { kind: "gzip" } : null);
    expect((await fetchFile(part)).headers["content-encoding"]).toBe("gzip");
  });
});

test("a seed gives the same mix again, and every kind turns up", () => {
  const mix = (seed: number) => {
    const misbehave = seededMisbehave(createSeededRandom(seed), 0.5);
    const request = { index: 0, method: "GET", path: "/", kind: "cdn", headers: {}, range: null } as const;
    return Array.from({ length: 500 }, () => misbehave(request));
  };
  expect(mix(1)).toEqual(mix(1));
  expect(mix(1)).not.toEqual(mix(2));
  const kinds = new Set(mix(1).map((wrong) => wrong?.kind ?? "none"));
  expect([...kinds].sort()).toEqual([
    ...[
      "changed-file",
      "cut",
      "gzip",
      "html",
      "huge-headers",
      "ignore-range",
      "none",
      "range-as-200",
      "redirect-loop",
      "reset",
    ],
    ...["shifted-bytes", "slow-drip", "stall", "status", "wrong-byte", "wrong-length", "wrong-range"],
  ]);
});

function rawHead(url: string): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    httpRequest(url, (response) => {
      response.resume();
      resolve(response.headers);
    })
      .on("error", reject)
      .end();
  });
}
