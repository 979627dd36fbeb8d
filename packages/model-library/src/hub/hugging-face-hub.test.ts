import { createSeededRandom } from "@deskside/testing";
import {
  commitOf,
  contentOfBytes,
  createLoopbackHttpClient,
  type FakeHub,
  type FakeHubRepo,
  firstRequests,
  type Misbehaviour,
  startFakeHub,
  treePageSize,
} from "@deskside/testing/fake-hub";
import { afterEach, describe, expect, test } from "vitest";
import { createHuggingFaceHub, type HuggingFaceHubOptions } from "./hugging-face-hub.ts";
import type { HttpClient } from "./http-client.ts";

const repo: FakeHubRepo = {
  id: "acme/tiny-GGUF",
  licence: "apache-2.0",
  downloads: 7,
  updatedAt: Date.UTC(2026, 5, 1),
  files: {
    "README.md": contentOfBytes(Buffer.from("# tiny")),
    "tiny-Q4_K_M.gguf": contentOfBytes(Buffer.from("GGUF four")),
    "Q8_0/tiny model (v2)-Q8_0.gguf": contentOfBytes(Buffer.from("GGUF eight")),
  },
};
const gated: FakeHubRepo = { ...repo, id: "acme/closed", gated: true };
const many: FakeHubRepo = {
  id: "acme/many",
  files: Object.fromEntries(
    Array.from({ length: treePageSize * 2 + 3 }, (_, index) => [
      `part-${index}.txt`,
      contentOfBytes(Buffer.from(`${index}`)),
    ]),
  ),
};

let fake: FakeHub | undefined;
const waits: number[] = [];
afterEach(async () => {
  await fake?.[Symbol.asyncDispose]();
  fake = undefined;
  waits.length = 0;
});

const http: HttpClient = createLoopbackHttpClient({ timeoutMs: 300 });

async function start(options: Partial<HuggingFaceHubOptions> = {}, misbehave?: (hub: FakeHub) => FakeHub["misbehave"]) {
  fake = await startFakeHub({ repos: [repo, gated, many], token: "secret" });
  if (misbehave) fake.misbehave = misbehave(fake);
  const retries = { wait: (ms: number) => (waits.push(ms), Promise.resolve()), random: () => 0.5 };
  return { fake, hub: createHuggingFaceHub({ http, baseUrl: fake.origin, retries, ...options }) };
}

describe("a repository", () => {
  test("is described at its commit with sizes and hashes; small files have none", async () => {
    const { hub, fake: server } = await start();
    const revision = await hub.describe("acme/tiny-GGUF");
    expect(revision).toEqual({
      repo: "acme/tiny-GGUF",
      revision: commitOf(repo),
      gated: false,
      licence: "apache-2.0",
      files: expect.any(Array),
    });
    expect(revision.files).toHaveLength(3);
    expect(revision.files).toContainEqual({
      path: "tiny-Q4_K_M.gguf",
      sizeBytes: 9,
      sha256: repo.files["tiny-Q4_K_M.gguf"]?.sha256,
    });
    expect(revision.files).toContainEqual({ path: "README.md", sizeBytes: 6, sha256: null });
    expect(server.requests.map(({ kind }) => kind)).toEqual(["info", "tree"]);
    expect(server.requests[1]?.path).toContain(commitOf(repo));
  });

  test("the address of a file leads to its bytes, whatever its name", async () => {
    const { hub } = await start();
    const path = "Q8_0/tiny model (v2)-Q8_0.gguf";
    using response = await http.request({
      url: hub.fileUrl(repo.id, commitOf(repo), path),
      purpose: "model-download",
      maxResponseBytes: 1000,
    });
    const parts: Uint8Array[] = [];
    for await (const part of response.body) parts.push(part);
    expect(Buffer.concat(parts).toString()).toBe("GGUF eight");
    expect(response.finalUrl).toContain(fake?.cdnOrigin);
  });

  test("a long list comes in pages", async () => {
    const { hub, fake: server } = await start();
    const { files } = await hub.describe("acme/many");
    expect(new Set(files.map(({ path }) => path)).size).toBe(treePageSize * 2 + 3);
    expect(server.requests.filter(({ kind }) => kind === "tree")).toHaveLength(3);
  });

  test("a missing one, a missing revision and an impossible name are not found", async () => {
    const { hub, fake: server } = await start();
    const missing = { code: "HUB_REPO_NOT_FOUND", data: { hub: new URL(server.origin).host } };
    await expect(hub.describe("acme/none")).rejects.toMatchObject({ ...missing, data: { repo: "acme/none" } });
    await expect(hub.describe(repo.id, { revision: "v9" })).rejects.toMatchObject({ data: { repo: `${repo.id}@v9` } });
    const before = server.requests.length;
    for (const name of ["../etc", "a/b/c", "a/..", "", "a b/c", "acme/tiny?x"]) {
      await expect(hub.describe(name)).rejects.toMatchObject(missing);
    }
    expect(server.requests).toHaveLength(before);
  });

  test("a gated one says so", async () => {
    const { hub } = await start();
    expect(await hub.describe("acme/closed")).toMatchObject({ gated: true });
  });

  test("search finds what has GGUF files", async () => {
    const { hub, fake: server } = await start();
    expect(await hub.search("ACME", { limit: 5 })).toEqual([
      {
        repo: repo.id,
        downloads: 7,
        updatedAt: Date.UTC(2026, 5, 1),
        gated: false,
        tags: ["gguf", "license:apache-2.0"],
      },
      expect.objectContaining({ repo: gated.id, gated: true }),
    ]);
    expect(server.requests[0]?.path).toContain("filter=gguf");
    expect(await hub.search("ACME", { limit: 1 })).toHaveLength(1);
  });
});

describe("the token", () => {
  test("goes to the hub it is for, and not to the CDN behind it", async () => {
    const { fake: server } = await start();
    const hub = createHuggingFaceHub({ http, baseUrl: server.origin, token: "secret", tokenFor: server.origin });
    await hub.describe(gated.id);
    const source = hub.fileSource(gated.id, "main", "tiny-Q4_K_M.gguf");
    expect(source).toMatchObject({ token: "secret" });
    using response = await http.request({ ...source, purpose: "model-download", maxResponseBytes: 1000 });
    expect(response.status).toBe(200);
    const authorizations = server.requests.map(({ kind, headers }) => [kind, headers["authorization"]]);
    const bearer = "Bearer secret";
    expect(authorizations).toEqual([
      ["info", bearer],
      ["tree", bearer],
      ["resolve", bearer],
      ["cdn", undefined],
    ]);
  });

  test("never goes to a mirror", async () => {
    const { hub, fake: server } = await start({ token: "secret" });
    await hub.describe(repo.id);
    await hub.search("tiny", { limit: 1 });
    expect(server.requests.map(({ headers }) => headers["authorization"])).toEqual([undefined, undefined, undefined]);
    expect(hub.fileSource(repo.id, "main", "a.gguf")).not.toHaveProperty("token");
  });

  test("a next page on another host is fetched from this one", async () => {
    const { hub, fake: server } = await start();
    const elsewhere: HttpClient = {
      async request(request) {
        const response = await http.request(request);
        const link = response.headers["link"]?.replace(server.origin, "https://elsewhere.example");
        return {
          ...response,
          headers: { ...response.headers, link },
          [Symbol.dispose]: () => response[Symbol.dispose](),
        };
      },
    };
    const moved = createHuggingFaceHub({ http: elsewhere, baseUrl: server.origin });
    expect((await moved.describe(many.id)).files).toEqual((await hub.describe(many.id)).files);
  });
});

describe("a hub that misbehaves", () => {
  test.each([
    [{ kind: "status", status: 503 }, "HUB_UNAVAILABLE", { status: 503 }],
    [{ kind: "status", status: 429 }, "HUB_RATE_LIMITED", { retryAfterMs: null }],
    [{ kind: "reset" }, "HUB_UNAVAILABLE", { status: null }],
    [{ kind: "cut", afterBytes: 40 }, "HUB_UNAVAILABLE", { status: null }],
    [{ kind: "stall", afterBytes: 40 }, "HUB_UNAVAILABLE", { status: null }],
    [{ kind: "huge-headers", bytes: 200_000 }, "HUB_UNAVAILABLE", { status: null }],
    [{ kind: "html" }, "HUB_ANSWER_INVALID", { detail: "no JSON but text/html" }],
    [{ kind: "redirect-loop" }, "EGRESS_BLOCKED", { reason: "too-many-redirects" }],
    [{ kind: "redirect", to: "http://192.168.0.1/" }, "EGRESS_BLOCKED", { reason: "private-address" }],
  ] as const)("%j at every request ends in %s", async (wrong, code, data) => {
    const { hub } = await start({}, () => () => wrong);
    await expect(hub.describe(repo.id)).rejects.toMatchObject({ code, data });
  });

  test.each([
    { kind: "status", status: 502 },
    { kind: "status", status: 429, retryAfter: "1" },
    { kind: "reset" },
    { kind: "cut", afterBytes: 40 },
  ] satisfies Misbehaviour[])("%j at first is waited for", async (wrong) => {
    const { hub } = await start({}, () => firstRequests("tree", 2, wrong));
    expect((await hub.describe(repo.id)).files).toHaveLength(3);
    expect(waits).toEqual("retryAfter" in wrong ? [1000, 1000] : [500, 1000]);
  });

  test("who asks for an hour is not waited for", async () => {
    const { hub, fake: server } = await start({}, () => () => ({ kind: "status", status: 429, retryAfter: "3600" }));
    await expect(hub.describe(repo.id)).rejects.toMatchObject({
      code: "HUB_RATE_LIMITED",
      data: { retryAfterMs: 3_600_000 },
    });
    expect([waits, server.requests.length]).toEqual([[], 1]);
  });

  test("a list of files without an end is given up", async () => {
    let page = 0;
    const endless: HttpClient = {
      request: (request) => {
        const isTree = request.url.includes("/tree/");
        const link = `<https://x.example/?cursor=${page++}>; rel="next"`;
        return Promise.resolve(answer(isTree ? [] : { sha: "a".repeat(40) }, isTree ? { link } : {}));
      },
    };
    const hub = createHuggingFaceHub({ http: endless });
    await expect(hub.describe(repo.id)).rejects.toMatchObject({ code: "HUB_ANSWER_INVALID" });
    expect(page).toBe(51);
  });

  test.each(["../../.bashrc", "/etc/passwd", "a/../../b.gguf", "C:\\x.gguf", "a\u0000.gguf", "a//b.gguf"])(
    "a file named %j is refused",
    async (path) => {
      const hub = createHuggingFaceHub({ http: fixed({ sha: "a".repeat(40) }, [{ type: "file", size: 1, path }]) });
      await expect(hub.describe(repo.id)).rejects.toMatchObject({ code: "HUB_ANSWER_INVALID" });
    },
  );

  test.each([
    [{ sha: 5 }, []],
    [{ sha: "main" }, []],
    [null, []],
    [{ sha: "a".repeat(40) }, [{ type: "file", size: -1, path: "a" }]],
    [{ sha: "a".repeat(40) }, [{ type: "file", size: 1e300, path: "a" }]],
    [{ sha: "a".repeat(40) }, { error: "x" }],
  ])("an answer of another shape is refused: %j %j", async (info, tree) => {
    const hub = createHuggingFaceHub({ http: fixed(info, tree) });
    await expect(hub.describe(repo.id)).rejects.toMatchObject({ code: "HUB_ANSWER_INVALID" });
  });

  test("a hash that is none counts as not given", async () => {
    const tree = [{ type: "file", size: 9, path: "a.gguf", lfs: { oid: "sha256:xyz", size: 10 } }];
    const hub = createHuggingFaceHub({ http: fixed({ sha: "a".repeat(40) }, tree) });
    expect((await hub.describe(repo.id)).files).toEqual([{ path: "a.gguf", sizeBytes: 10, sha256: null }]);
  });
});

test("whatever goes wrong with a list in pages, the answer is the whole list or a named error", async () => {
  const { hub, fake: server } = await start();
  const right = await hub.describe(many.id);
  const random = createSeededRandom(20_262);
  const choices: readonly Misbehaviour[] = [
    { kind: "cut", afterBytes: 200 },
    { kind: "status", status: 500 },
    { kind: "status", status: 404 },
    { kind: "html" },
    { kind: "reset" },
    { kind: "redirect-loop" },
  ];
  server.misbehave = () => (random.next() < 0.2 ? (choices[random.below(choices.length)] ?? null) : null);
  const ends = { right: 0, named: 0 };
  for (let run = 0; run < 80; run++) {
    try {
      expect(await hub.describe(many.id)).toEqual(right);
      ends.right++;
    } catch (error) {
      expect(error).toMatchObject({ code: expect.stringMatching(/^(HUB|EGRESS)_/) });
      ends.named++;
    }
  }
  expect(Math.min(ends.right, ends.named)).toBeGreaterThan(5);
});

test("the signal's reason ends it, before and in the middle", async () => {
  const { hub, fake: server } = await start();
  const reason = new Error("enough");
  await expect(hub.describe(repo.id, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  const stop = new AbortController();
  server.misbehave = ({ kind }) => {
    if (kind === "tree") setImmediate(() => stop.abort(reason));
    return kind === "tree" ? { kind: "stall", afterBytes: 10 } : null;
  };
  await expect(hub.describe(repo.id, { signal: stop.signal })).rejects.toBe(reason);
  expect(waits).toEqual([]);
});

function answer(value: unknown, headers: Record<string, string> = {}) {
  async function* body() {
    yield await Promise.resolve(Buffer.from(JSON.stringify(value)));
  }
  return { status: 200, headers, body: body(), finalUrl: "", [Symbol.dispose]: () => undefined };
}

function fixed(info: unknown, tree: unknown): HttpClient {
  return { request: ({ url }) => Promise.resolve(answer(url.includes("/tree/") ? tree : info)) };
}
