import { describe, expect, test } from "vitest";
import { configuredHubs, listHubs, parseHub, readWish } from "./choose-hubs.ts";
import { hostRule } from "./host-rule.ts";

describe("which hubs are asked", () => {
  test("the setting goes before HF_ENDPOINT, that before the usual one", () => {
    const env = { HF_ENDPOINT: "https://mirror.example/" };
    const first = (hubUrl: string | null, given: Record<string, string> = env) =>
      configuredHubs({ hubUrl, mirrors: [], env: given })[0];
    expect(first("https://hub.corp.example:8443/base/")).toEqual({
      ...{ id: "hub.corp.example:8443", kind: "huggingface", configured: true },
      baseUrl: "https://hub.corp.example:8443/base",
    });
    expect(first(null)).toMatchObject({ baseUrl: "https://mirror.example" });
    expect(first(null, {})).toMatchObject({ id: "huggingface", configured: false });
    expect(first(null, { HF_ENDPOINT: "  " })).toMatchObject({ id: "huggingface" });
  });

  test("mirrors follow in their order, each once", () => {
    const hubs = configuredHubs({
      hubUrl: null,
      mirrors: ["hf-mirror.com", "https://hf-mirror.com/", "huggingface"],
      env: {},
    });
    expect(hubs.map(({ id }) => id)).toEqual(["huggingface", "hf-mirror.com"]);
    const all = listHubs({ hubUrl: "https://hf-mirror.com", mirrors: [], env: {} });
    expect(all.map(({ id }) => id)).toEqual(["hf-mirror.com", "huggingface", "modelscope"]);
  });

  test.each(["ftp://hub.example", "hub", "", "https://", "https://user:word@hub.example", "javascript:alert(1)"])(
    "%j is no hub",
    (text) => {
      expect(() => parseHub(text)).toThrow(expect.objectContaining({ code: "INVALID_INPUT" }));
    },
  );

  test("a folder and ModelScope are known by what they are", () => {
    expect(parseHub("/media/stick")).toMatchObject({ kind: "folder", baseUrl: "/media/stick" });
    expect(parseHub("https://www.modelscope.ai/")).toMatchObject({ kind: "modelscope" });
    expect(parseHub("https://notmodelscope.cn")).toMatchObject({ kind: "huggingface" });
  });
});

describe("what a person means by a repository", () => {
  const nothing = { file: null, revision: null, hub: null };

  test("a suffix names the file, and what was given beside it wins", () => {
    expect(readWish({ ...nothing, repo: "maker/Name-GGUF:Q4_K_M" })).toEqual({
      ...nothing,
      ...{ repo: "maker/Name-GGUF", file: "Q4_K_M" },
    });
    expect(readWish({ ...nothing, repo: "maker/Name:Q4_K_M", file: "Q8_0" })).toMatchObject({ file: "Q8_0" });
  });

  test("an address of a page is a repository there, of a file it stays", () => {
    expect(readWish({ ...nothing, repo: "https://huggingface.co/maker/Name/blob/main/a.gguf" })).toMatchObject({
      ...{ repo: "maker/Name", file: "a.gguf", hub: "https://huggingface.co" },
    });
    expect(readWish({ ...nothing, repo: "https://host.example/models/a.gguf" })).toMatchObject({ hub: null });
    expect(readWish({ ...nothing, repo: "what?" })).toEqual({ ...nothing, repo: "what?" });
  });
});

test.each([
  ["files.corp", [{ host: "files.corp" }]],
  ["files.corp:80", [{ host: "files.corp", port: 80 }]],
  ["10.0.0.7:8443", [{ host: "10.0.0.7", port: 8443 }]],
  ["[::1]:9000", [{ host: "::1", port: 9000 }]],
  ["a b", []],
  ["", []],
  ["user@host", []],
])("the host list takes %j as %j", (text, rules) => {
  expect(hostRule(text)).toEqual(rules);
});
