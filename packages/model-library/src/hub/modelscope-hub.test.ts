import {
  contentOfBytes,
  createLoopbackHttpClient,
  type FakeHub,
  type FakeHubRepo,
  startFakeHub,
} from "@deskside/testing/fake-hub";
import { afterEach, describe, expect, test } from "vitest";
import type { HttpClient } from "./http-client.ts";
import { createModelScopeHub } from "./modelscope-hub.ts";

const repo: FakeHubRepo = {
  id: "acme/tiny-GGUF",
  licence: "MIT",
  downloads: 3,
  files: {
    "README.md": contentOfBytes(Buffer.from("# tiny")),
    "q4/tiny-Q4_K_M.gguf": contentOfBytes(Buffer.from("GGUF four")),
  },
};
const plain: FakeHubRepo = { id: "acme/tiny", files: { "model.safetensors": contentOfBytes(Buffer.from("x")) } };

let fake: FakeHub | undefined;
afterEach(async () => {
  await fake?.[Symbol.asyncDispose]();
});

const http: HttpClient = createLoopbackHttpClient();
const retries = { wait: () => Promise.resolve() };

async function start() {
  fake = await startFakeHub({ repos: [repo, plain] });
  return { server: fake, hub: createModelScopeHub({ http, baseUrl: fake.origin, retries }) };
}

describe("ModelScope", () => {
  test("names the hash of every file; the branch stays the revision", async () => {
    const { hub } = await start();
    const { files, ...rest } = await hub.describe(repo.id);
    expect(rest).toEqual({ repo: repo.id, revision: "master", gated: false, licence: "MIT" });
    expect(files).toEqual(
      Object.entries(repo.files).map(([path, { sizeBytes, sha256 }]) => ({ path, sizeBytes, sha256 })),
    );
  });

  test("search leaves out what has no GGUF files", async () => {
    const { hub } = await start();
    expect(await hub.search("tiny", { limit: 10 })).toMatchObject([{ repo: repo.id, downloads: 3, gated: false }]);
  });

  test("a file comes from its address, and the token only goes where it belongs", async () => {
    const { hub, server } = await start();
    const tokened = createModelScopeHub({ http, baseUrl: server.origin, token: "t", retries });
    expect(tokened.fileSource(repo.id, "master", "a b.gguf")).toEqual({
      url: `${server.origin}/models/${repo.id}/resolve/master/a%20b.gguf`,
      name: new URL(server.origin).host,
    });
    const own = createModelScopeHub({ http, baseUrl: server.origin, token: "t", tokenFor: server.origin, retries });
    expect(own.fileSource(repo.id, "master", "a.gguf").token).toBe("t");
    const url = hub.fileUrl(repo.id, "master", "q4/tiny-Q4_K_M.gguf");
    using response = await http.request({
      url,
      purpose: "model-download",
      maxResponseBytes: 100,
      headers: { range: "bytes=5-8" },
    });
    expect([response.status, response.headers["content-range"]]).toEqual([200, "bytes 5-8/9"]);
  });

  test("what is missing is not found", async () => {
    const { hub } = await start();
    await expect(hub.describe("acme/none")).rejects.toMatchObject({ code: "HUB_REPO_NOT_FOUND" });
    await expect(hub.describe(repo.id, { revision: "v9" })).rejects.toMatchObject({ code: "HUB_REPO_NOT_FOUND" });
    await expect(hub.describe("acme/tiny?x=1")).rejects.toMatchObject({ code: "HUB_REPO_NOT_FOUND" });
  });

  test.each([
    [{ kind: "html" }, "HUB_ANSWER_INVALID"],
    [{ kind: "status", status: 500 }, "HUB_UNAVAILABLE"],
    [{ kind: "status", status: 403 }, "HUB_GATED"],
    [{ kind: "cut", afterBytes: 20 }, "HUB_UNAVAILABLE"],
  ] as const)("%j ends in %s", async (wrong, code) => {
    const { hub, server } = await start();
    server.misbehave = () => wrong;
    await expect(hub.describe(repo.id)).rejects.toMatchObject({ code });
    await expect(hub.search("x", { limit: 1 })).rejects.toMatchObject({ code });
  });
});
