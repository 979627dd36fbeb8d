import { inspect } from "node:util";
import { createHuggingFaceHub, readRemoteGgufHeader } from "@deskside/model-library";
import type { HubTokenRepository } from "@deskside/storage";
import { encodeGguf, tinyLlama } from "@deskside/testing";
import { contentOfBytes, type FakeHub, startFakeHub } from "@deskside/testing/fake-hub";
import { afterEach, describe, expect, test } from "vitest";
import { createEgress } from "../../egress/egress.ts";
import { createPurposePolicy } from "../../egress/egress-policy.ts";
import { createMemoryLedger } from "../../egress/testing/memory-ledger.ts";
import { createHubDoor } from "../egress/hub-door.ts";
import { createLibraryHttp } from "../egress/library-http.ts";
import { createHubTokens } from "./hub-tokens.ts";

function memoryTokens(): HubTokenRepository {
  const kept = new Map<string, { token: string; savedAt: number }>();
  return {
    list: () => [...kept].map(([host, { token, savedAt }]) => ({ host, token, savedAt })),
    set: (_principal, host, token) => void kept.set(host, { token, savedAt: 5 }),
    remove: (_principal, host) => kept.delete(host),
  };
}

const create = (env: Record<string, string> = {}) => createHubTokens({ repository: memoryTokens(), env });

const mine = "hf_mine_0123456789";

describe("whose a token is", () => {
  test.each([
    ["huggingface", "huggingface.co"],
    ["huggingface.co", "huggingface.co"],
    ["https://huggingface.co/", "huggingface.co"],
    ["https://huggingface.co/meta-llama/x", "huggingface.co"],
    ["HuggingFace.co", "huggingface.co"],
    ["modelscope", "www.modelscope.cn"],
    ["modelscope.cn", "www.modelscope.cn"],
    ["hf-mirror.com", "hf-mirror.com"],
    ["hub.example:8443", "hub.example:8443"],
    ["hub.example:443", "hub.example"],
    ["http://127.0.0.1:8080", "127.0.0.1:8080"],
    ["localhost:8080", "localhost:8080"],
    ["[::1]:8080", "[::1]:8080"],
  ])("%s: %s", (text, host) => {
    const tokens = create();
    expect(tokens.set(text, mine)).toEqual({ host, lastFour: "6789", savedAt: 5 });
    expect(tokens.list()).toEqual([{ host, lastFour: "6789", savedAt: 5 }]);
    tokens.remove(text);
    expect(tokens.list()).toEqual([]);
    expect(() => tokens.remove(text)).toThrow(expect.objectContaining({ code: "HUB_TOKEN_NOT_FOUND", data: { host } }));
  });

  test.each(["", "a b", "http://hub.example", "http://10.0.0.1", "ftp://x.example", "/home/models", "x@hub.example"])(
    "%j is no host for a token",
    (text) => {
      expect(() => create().set(text, mine)).toThrow(expect.objectContaining({ code: "INVALID_INPUT" }));
    },
  );

  test("of a short token nothing is shown, and none can be got back", () => {
    const tokens = create({ HF_TOKEN: "hf_env_0123456789" });
    expect(tokens.set("hub.example", "short")).toMatchObject({ lastFour: "" });
    const shown = inspect(tokens.list(), { depth: 9 });
    expect(shown).not.toContain("short");
    expect(shown).not.toContain("hf_env");
  });

  test("HF_TOKEN is for huggingface.co alone, behind one that is kept", () => {
    const tokens = create({ HF_TOKEN: " hf_env_0123456780 " });
    expect(tokens.list()).toEqual([{ host: "huggingface.co", lastFour: "6780", savedAt: null }]);
    expect(tokens.tokenFor("https://huggingface.co/api/models/a/b")).toBe("hf_env_0123456780");
    for (const url of ["https://hf-mirror.com/x", "https://cdn.huggingface.co/x", "http://huggingface.co/x"]) {
      expect(tokens.tokenFor(url)).toBeNull();
    }
    tokens.set("huggingface.co", mine);
    expect(tokens.tokenFor("https://huggingface.co/x")).toBe(mine);
    expect(tokens.list()).toMatchObject([{ host: "huggingface.co", lastFour: "6789", savedAt: 5 }]);
    expect(create({ HF_TOKEN: "" }).list()).toEqual([]);
  });

  test.each([
    ["hub.example", "https://hub.example/a", true],
    ["hub.example", "https://HUB.example:443/a", true],
    ["hub.example", "http://hub.example/a", false],
    ["hub.example", "https://hub.example:8443/a", false],
    ["hub.example", "https://a.hub.example/a", false],
    ["hub.example", "https://hub.example.evil.example/a", false],
    ["hub.example", "https://evil.example/hub.example", false],
    ["hub.example", "https://hub.example@evil.example/", false],
    ["127.0.0.1:8080", "http://127.0.0.1:8080/a", true],
    ["127.0.0.1:8080", "http://127.0.0.1:8081/a", false],
    ["hub.example", "not a url", false],
  ])("kept for %s, asked for %s: %s", (host, url, isSent) => {
    const tokens = create();
    tokens.set(host, mine);
    expect(tokens.tokenFor(url)).toBe(isSent ? mine : null);
  });
});

describe("a gated repository", () => {
  let hub: FakeHub | undefined;
  let mirror: FakeHub | undefined;
  afterEach(async () => {
    await hub?.[Symbol.asyncDispose]();
    await mirror?.[Symbol.asyncDispose]();
    mirror = undefined;
  });

  const file = contentOfBytes(encodeGguf(tinyLlama({ seed: 1 })).bytes);
  const repo = { id: "maker/Closed-GGUF", gated: true, files: { "tiny-F32.gguf": file } };

  /** The head of its file, as the library asks for it, with this token kept for the hub. */
  async function ask(token: string | null) {
    hub = await startFakeHub({ repos: [repo], token: mine, accounts: ["hf_other_0123456789"] });
    const tokens = create();
    if (token !== null) tokens.set(hub.origin, token);
    const ledger = createMemoryLedger();
    const door = createHubDoor();
    const egress = createEgress({
      ...{ ledger, policy: door.guard(createPurposePolicy()) },
      onRecordError: (error) => {
        throw error;
      },
    });
    const http = createLibraryHttp(egress, tokens);
    using _open = door.open(
      [hub.origin, ...(mirror ? [mirror.origin] : [])],
      [{ host: "127.0.0.1", port: Number(new URL(hub.cdnOrigin).port) }],
    );
    const placed = createHuggingFaceHub({ http, baseUrl: hub.origin, retries: { tries: 1 } });
    const { revision } = await placed.describe(repo.id);
    const source = placed.fileSource(repo.id, revision, "tiny-F32.gguf");
    // What a queue or a journal would keep.
    expect(JSON.stringify(source)).not.toContain("hf_");
    try {
      return { facts: await readRemoteGgufHeader(http, source, { retries: { tries: 1 } }) };
    } catch (error) {
      const text = inspect(error, { depth: 9 });
      for (const secret of [mine, "hf_other", "hf_gone"]) expect(text).not.toContain(secret);
      throw error;
    } finally {
      expect(JSON.stringify(ledger.rows)).not.toContain("hf_");
    }
  }

  const place = () => ({ host: new URL(hub?.origin ?? "").host });

  test("without a token says where to accept and what to make", async () => {
    const error: unknown = await ask(null).catch((reason: unknown) => reason);
    const url = `${hub?.origin}/${repo.id}`;
    expect(error).toMatchObject({ code: "HUB_GATED", data: { ...place(), repo: repo.id, url, signedIn: false } });
  });

  test("with the token of an account that was not let in says that", async () => {
    await expect(ask("hf_other_0123456789")).rejects.toMatchObject({ code: "HUB_GATED", data: { signedIn: true } });
  });

  test("with a token that is wrong says that", async () => {
    await expect(ask("hf_gone_0123456789")).rejects.toMatchObject({ code: "HUB_TOKEN_REFUSED" });
  });

  test("with the right one is read, and the host it sends on to never sees the token", async () => {
    const { facts } = await ask(mine);
    expect(facts.architecture).toBe("llama");
    const of = (kind: string) => hub?.requests.filter((request) => request.kind === kind) ?? [];
    const sent = (kind: string) => of(kind).map(({ headers }) => headers["authorization"]);
    expect(new Set([...sent("info"), ...sent("tree"), ...sent("resolve")])).toEqual(new Set([`Bearer ${mine}`]));
    expect(of("cdn").length).toBeGreaterThan(0);
    expect(new Set(sent("cdn"))).toEqual(new Set([undefined]));
  });

  test("a mirror of it never sees the token", async () => {
    mirror = await startFakeHub({ repos: [repo], token: mine });
    const tokens = create();
    tokens.set("http://127.0.0.1:1", mine);
    const door = createHubDoor();
    const egress = createEgress({
      ...{ ledger: createMemoryLedger(), policy: door.guard(createPurposePolicy()), onRecordError: () => undefined },
    });
    using _open = door.open([mirror.origin]);
    const placed = createHuggingFaceHub({ http: createLibraryHttp(egress, tokens), baseUrl: mirror.origin });
    const { revision } = await placed.describe(repo.id);
    const http = createLibraryHttp(egress, tokens);
    await expect(
      readRemoteGgufHeader(http, placed.fileSource(repo.id, revision, "tiny-F32.gguf")),
    ).rejects.toMatchObject({ code: "HUB_GATED", data: { signedIn: false } });
    expect(mirror.requests.length).toBeGreaterThan(2);
    expect(mirror.requests.every(({ headers }) => headers["authorization"] === undefined)).toBe(true);
  });
});
