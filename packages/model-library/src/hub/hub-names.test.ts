import { describe, expect, test } from "vitest";
import { isRepoId, isRevision, isSafePath, parseBaseUrl, parseSha256 } from "./hub-names.ts";
import { retryAfterMs } from "./retry-request.ts";

test.each([
  ["https://hf-mirror.com/", "https://hf-mirror.com"],
  ["hf-mirror.com", "https://hf-mirror.com"],
  ["http://127.0.0.1:8080", "http://127.0.0.1:8080"],
  ["https://Files.Example/hub//", "https://files.example/hub"],
  ["[::1]:80", "https://[::1]:80"],
])("base URL %s", (text, url) => {
  expect(parseBaseUrl(text)).toBe(url);
});

test.each([
  "",
  "ftp://a",
  "file:///a",
  "https://user:pw@a.example",
  "https://a.example/?x=1",
  "https://a.example/#x",
  "a b",
])("no base URL: %j", (text) => {
  expect(() => parseBaseUrl(text)).toThrow("INVALID_INPUT");
});

describe("names from outside", () => {
  test.each([
    ["acme/tiny", true],
    ["gpt2", true],
    ["Qwen/Qwen2.5-0.5B-Instruct_GGUF", true],
    ["a/b/c", false],
    ["../b", false],
    ["a/..", false],
    ["a/b?c", false],
    ["a/b#c", false],
    ["a/b%2f", false],
    ["", false],
    [`a/${"b".repeat(97)}`, false],
  ])("repository %s: %s", (text, isOne) => {
    expect(isRepoId(text)).toBe(isOne);
  });

  test.each([
    ["main", true],
    ["refs/pr/1", true],
    ["v1.0+x", true],
    ["a..b", false],
    ["-x", false],
    ["a b", false],
    ["", false],
  ])("revision %s: %s", (text, isOne) => {
    expect(isRevision(text)).toBe(isOne);
  });

  test.each([
    ["a/b c/模型.gguf", true],
    ["..a/b..gguf", true],
    ["/a", false],
    ["a/../b", false],
    ["a/./b", false],
    ["a//b", false],
    ["a/", false],
    ["C:/a", false],
    ["a\\b", false],
    ["a\nb", false],
    ["", false],
    ["a".repeat(1025), false],
  ])("path %j: %s", (text, isSafe) => {
    expect(isSafePath(text)).toBe(isSafe);
  });

  test.each([
    ["A".repeat(64), "a".repeat(64)],
    [`"sha256:${"0".repeat(64)}"`, "0".repeat(64)],
    ["a".repeat(63), null],
    ["g".repeat(64), null],
    [undefined, null],
  ])("hash %s", (text, hash) => {
    expect(parseSha256(text)).toBe(hash);
  });
});

test.each([
  [{ "retry-after": "7" }, 7000],
  [{ "retry-after": "Thu, 01 Jan 2026 00:00:09 GMT" }, 9000],
  [{ "retry-after": "Thu, 01 Jan 2025 00:00:00 GMT" }, 0],
  [{ "retry-after": "soon" }, null],
  [{ "retry-after": "-5" }, null],
  [{ ratelimit: '"api";r=0;t=55' }, 55_000],
  [{ ratelimit: '"api";r=499;t=55' }, null],
  [{}, null],
])("how long %j asks to wait", (headers: Record<string, string>, ms) => {
  expect(retryAfterMs(headers, Date.UTC(2026, 0, 1))).toBe(ms);
});
