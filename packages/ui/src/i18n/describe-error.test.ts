import { DesksideError } from "@deskside/base";
import { type ErrorCode, type ErrorDataOf, errorTable } from "@deskside/contract";
import { describe, expect, it } from "vitest";
import { createFormats } from "../format/formats.ts";
import { createI18n } from "./create-i18n.ts";
import { describeError, toErrorData } from "./describe-error.ts";
import { type Language, languages } from "./languages.ts";
import type { Text } from "./use-text.ts";

const textOf = (language: Language): Text => ({
  t: createI18n(language).t,
  language,
  format: createFormats(language),
});
const en = textOf("en");
const zh = textOf("zh-CN");

const samples: { [C in ErrorCode]: ErrorDataOf<C> } = {
  ALREADY_RUNNING: { dataDir: "/data", pid: 4242, address: "http://127.0.0.1:7410" },
  DATA_DIR_UNUSABLE: { path: "/data", reason: "no-permission", detail: "EACCES" },
  DATABASE_UNREADABLE: { path: "/data/workspace.db", reason: "damaged", quarantinedTo: "/data/workspace.db.bad" },
  DATABASE_NEWER: { path: "/data/workspace.db", fileVersion: 9, appVersion: 3 },
  STORE_READ_ONLY: { reason: "read-only-disk" },
  DISK_FULL: { path: "/data/workspace.db" },
  COLLECTION_NOT_FOUND: { collection: "manuals" },
  COLLECTION_NAME_TAKEN: { name: "Manuals" },
  DOCUMENT_NOT_FOUND: { documentId: "doc_1" },
  DOCUMENT_MOVED: { document: "manual.pdf", path: "/home/a/manual.pdf" },
  DOCUMENT_PATH_UNREADABLE: { path: "/home/a", detail: "EACCES" },
  UPLOAD_NOT_FOUND: { uploadId: "up_1" },
  UPLOAD_INCOMPLETE: { name: "manual.pdf", expected: 2000, received: 1000 },
  EMBEDDING_UNAVAILABLE: { model: "multilingual-e5-small", detail: "HASH_MISMATCH" },
  NOTHING_TO_SEARCH: { waiting: 3, failed: 1 },
  DOCUMENT_ELSEWHERE: { document: "manual.pdf" },
  KNOWLEDGE_SERVER_NOT_SET: {},
  KNOWLEDGE_SERVER_UNAVAILABLE: { host: "db.example.org", detail: "ECONNREFUSED" },
  KNOWLEDGE_SERVER_UNFIT: { host: "db.example.org", reason: "no-pgvector" },
  DISK_FAILED: { path: "/data/workspace.db", detail: "EIO." },
  KEY_UNAVAILABLE: { reason: "missing", path: "/data/key" },
  PORT_IN_USE: { host: "127.0.0.1", port: 7410 },
  PORT_DENIED: { host: "127.0.0.1", port: 80 },
  NOT_LOOPBACK: { host: "0.0.0.0" },
  INVALID_INPUT: { issues: [{ path: "title", message: "too long" }] },
  USAGE: { problem: "unknown option --fast" },
  UNSUPPORTED: { feature: "rerank" },
  UNAUTHORIZED: {},
  PEER_GONE: { peer: "backend" },
  TIMED_OUT: { what: "engine", ms: 30_000 },
  EGRESS_BLOCKED: { host: "example.org", reason: "policy" },
  EGRESS_FAILED: { host: "example.org", detail: "ECONNRESET" },
  INTERNAL: { incident: "inc_1" },
  CHAT_NOT_FOUND: { chatId: "chat_1" },
  FOLDER_NOT_FOUND: { folderId: "folder_1" },
  NOT_EDITABLE: { messageId: "msg_1" },
  MESSAGE_NOT_FOUND: { messageId: "msg_1" },
  GENERATION_NOT_FOUND: { generationId: "gen_1" },
  GENERATION_RUNNING: { chatId: "chat_1", generationId: "gen_1" },
  CONTEXT_OVERFLOW: { promptTokens: 9000, contextSize: 8192, room: 512 },
  MESSAGE_TOO_LARGE: { bytes: 2_097_152, limit: 1_048_576 },
  MESSAGE_EMPTY: {},
  NOT_CONTINUABLE: { messageId: "msg_1" },
  MODEL_NOT_FOUND: { model: "smolm2", nearest: ["smollm2-135m-instruct", "deskside-starter"] },
  MODEL_FILE_MISSING: { model: "SmolLM2", path: "/models/a.gguf" },
  MODEL_NOT_READABLE: { path: "/models/a.gguf", detail: "EACCES" },
  MANIFEST_INVALID: { path: "/models/a/model.json", issues: ["role: expected chat"] },
  HASH_MISMATCH: { path: "/models/a.gguf", expected: "ab".repeat(32), actual: "cd".repeat(32) },
  GGUF_INVALID: { path: "/models/a.gguf", problem: "not-gguf", at: 4, detail: "" },
  GGUF_TRUNCATED: { path: "/models/a.gguf", expectedBytes: 98_000_000, actualBytes: 1_000_000 },
  GGUF_UNSUPPORTED: { path: "/models/a.gguf", architecture: "mamba9" },
  WRONG_ROLE: { model: "e5", role: "embedding", needed: "chat" },
  ENGINE_CRASHED: { exitCode: null, signal: "SIGKILL", keptTokens: 214 },
  ENGINE_STALLED: { ms: 20_000, keptTokens: 1 },
  ENGINE_GAVE_UP: { failures: 3, model: "SmolLM2" },
  ENGINE_START_FAILED: { detail: "spawn failed" },
  MODEL_NOT_LOADED: {},
  MODEL_LOAD_FAILED: { model: "SmolLM2", cause: "tensor-missing", detail: "bad tensor" },
  OUT_OF_MEMORY: { neededBytes: 8 * 1024 ** 3, freeBytes: 3 * 1024 ** 3, cause: "out-of-ram" },
  TEMPLATE_FAILED: { reason: "time", detail: "" },
  GENERATION_FAILED: { detail: "decode failed" },
  SETTING_LOCKED: { key: "general.theme" },
  FIXTURE_INVALID: { path: "/fixtures/laptop/manifest.json", detail: "platform: expected a text." },
  FIT_UNKNOWN: { model: "qwen3-coder-next" },
  BENCH_RUNNING: { model: "SmolLM2" },
  BENCH_NOT_FOUND: { benchId: "bench_1" },
  ENGINE_BINARY_UNAVAILABLE: { api: "cuda", platform: "linux", arch: "arm64" },
  ENGINE_BINARY_DOWNLOAD_FAILED: {
    package: "@node-llama-cpp/linux-x64-cuda",
    host: "registry.example.org",
    reason: "http-status",
    status: 503,
    detail: "",
  },
  ENGINE_BINARY_HASH_MISMATCH: {
    package: "@node-llama-cpp/linux-x64-cuda",
    host: "registry.example.org",
    expected: "ab".repeat(32),
    actual: "cd".repeat(32),
  },
  ENGINE_BINARY_UNPACK_FAILED: { package: "@node-llama-cpp/linux-x64-cuda", problem: "incomplete", detail: "" },
  ENGINE_BINARY_NO_SPACE: { path: "/data", neededBytes: 8 * 1024 ** 3, freeBytes: 3 * 1024 ** 3 },
  ENGINE_BINARY_BUSY: { package: "@node-llama-cpp/linux-x64-cuda", pid: null },
  ENGINE_BINARY_NOT_THERE: { api: "vulkan" },
  HUB_REPO_NOT_FOUND: { repo: "unsloth/No-Such-GGUF", hub: "hf-mirror.com" },
  HUB_GATED: {
    ...{ repo: "meta-llama/Llama-3", hub: "huggingface", host: "huggingface.co", signedIn: false },
    url: "https://huggingface.co/meta-llama/Llama-3",
  },
  HUB_TOKEN_REFUSED: { hub: "huggingface", host: "huggingface.co" },
  HUB_TOKEN_NOT_FOUND: { host: "huggingface.co" },
  ADAPTER_MISMATCH: { adapter: "Poems", base: "Qwen2.5 7B", reason: "other-shape", detail: "blk.0.attn_q.weight" },
  DRAFT_MISMATCH: { draft: "Starter", base: "Qwen2.5 7B", reason: "other-tokenizer", detail: "a / b" },
  NOT_ATTACHED: { model: "qwen2.5-7b", attachmentId: "att_1" },
  PROXY_UNUSABLE: { proxy: "proxy.example:1080", reason: "socks" },
  PROXY_UNREACHABLE: { proxy: "proxy.example:3128", host: "huggingface.co", detail: "ECONNREFUSED" },
  PROXY_AUTH_REQUIRED: { proxy: "proxy.example:3128", host: "huggingface.co", sent: true },
  PROXY_REFUSED: { proxy: "proxy.example:3128", host: "huggingface.co", status: 403 },
  HUB_FILE_NOT_FOUND: { repo: "owner/name", wanted: "Q9_X", nearest: ["Q8_0", "Q6_K"] },
  HUB_UNAVAILABLE: { hub: "modelscope.cn", status: 503, detail: "Service unavailable." },
  HUB_RATE_LIMITED: { hub: "huggingface.co", retryAfterMs: 84_000 },
  HUB_ANSWER_INVALID: { hub: "huggingface.co", detail: "HTML instead of JSON" },
  DOWNLOAD_HASH_MISMATCH: {
    file: "a-Q4_K_M.gguf",
    source: "hf-mirror.com",
    expected: "ab".repeat(32),
    actual: "cd".repeat(32),
  },
  DOWNLOAD_SIZE_MISMATCH: { file: "a-Q4_K_M.gguf", source: "hf-mirror.com", expected: 98_000_000, actual: 97_999_999 },
  DOWNLOAD_CHANGED: { file: "a-Q4_K_M.gguf", source: "hf-mirror.com" },
  DOWNLOAD_FAILED: { file: "a-Q4_K_M.gguf", source: "hf-mirror.com", detail: "ECONNRESET" },
  DOWNLOAD_NO_SPACE: { path: "/models", neededBytes: 8 * 1024 ** 3, freeBytes: 3 * 1024 ** 3 },
  DOWNLOAD_PAUSED: { downloadId: "dl_1", receivedBytes: 1024 ** 3, totalBytes: 8 * 1024 ** 3 },
  DOWNLOAD_NOT_FOUND: { downloadId: "dl_1" },
  UNSUPPORTED_FORMAT: { format: "AWQ", nearest: "Q4_K_M", where: "unsloth/Qwen3-8B-GGUF" },
  MODEL_IN_USE: { model: "SmolLM2" },
  MODEL_FILE_CHANGED: { model: "Qwen3", path: "/blobs/a", expectedBytes: 98_000_000, actualBytes: 5 },
  MODEL_FOLDER_UNUSABLE: { path: "/mnt/usb", detail: "ENOENT" },
  CANARY_FAILED: { model: "SmolLM2", step: "prompt", detail: "the answer was empty" },
  BUNDLE_DAMAGED: { path: "/media/usb/a.deskside-bundle", reason: "content-changed", entry: "blobs/abc" },
  BUNDLE_SIGNATURE_INVALID: { path: "/media/usb/a.deskside-bundle" },
  BUNDLE_NEWER: { path: "/media/usb/a.deskside-bundle", version: 2 },
  BUNDLE_NOT_TRUSTED: { path: "/media/usb/a.deskside-bundle", fingerprint: "ab12 ".repeat(16).trim() },
  BUNDLE_EXISTS: { path: "/media/usb/a.deskside-bundle" },
  BUNDLE_EMPTY: {},
  BUNDLE_NO_SPACE: { path: "/models", neededBytes: 8 * 1024 ** 3, freeBytes: 3 * 1024 ** 3 },
  BUNDLE_UNWRITABLE: { path: "/media/usb/a.deskside-bundle", detail: "EACCES" },
  BUNDLE_JOB_NOT_FOUND: { jobId: "bundle_1" },
  CATALOGUE_SIGNATURE_INVALID: { path: "/tmp/a.deskside-catalogue", keyId: "0011223344556677" },
  CATALOGUE_OLDER: { path: "/tmp/a.deskside-catalogue", date: "2026-01-01", currentDate: "2026-11-21" },
  CATALOGUE_DAMAGED: { path: "/tmp/a.deskside-catalogue", issues: ["not JSON"] },
};
const codes = Object.keys(errorTable) as ErrorCode[];
const describeSample = (code: ErrorCode, text: Text) =>
  describeError({ code, kind: errorTable[code].kind, data: samples[code] }, text);

describe.each(languages)("errors in %s", (language) => {
  const text = textOf(language);

  it.each(codes)("words %s completely", (code) => {
    const { title, body, action } = describeSample(code, text);
    for (const words of [title, body, ...(action ? [action.label] : [])]) {
      expect(words).not.toBe("");
      expect(words, "a gap was not filled, or a key has no words").not.toMatch(/\{\{|\}\}|errors\.|undefined|null/);
    }
    // The words of `other` would mean that the sample does not fit the schema.
    expect(title).not.toBe(text.t("errors.other.title"));
  });
});

describe("describeError", () => {
  it("carries the figures that explain the failure", () => {
    expect(describeSample("CONTEXT_OVERFLOW", en).body).toMatch(/9,000 .*512 .*8,192/);
    expect(describeSample("OUT_OF_MEMORY", en).body).toMatch(/8 GB .*3 GB/);
    expect(describeSample("OUT_OF_MEMORY", zh).body).toMatch(/8 GB.*3 GB/);
    expect(describeSample("ENGINE_CRASHED", en).body).toBe(
      "The process was ended by SIGKILL. All 214 tokens are kept.",
    );
    expect(describeSample("ENGINE_STALLED", en).body).toContain("The one token that was written is kept.");
    expect(describeSample("ENGINE_CRASHED", zh).body).toContain("214 个 token 都在");
    expect(describeSample("GGUF_TRUNCATED", en).body).toContain("1 MB of 98 MB");
  });

  it("tells sizes that differ by one byte apart, and how long a hub wants to be left alone", () => {
    expect(describeSample("DOWNLOAD_SIZE_MISMATCH", en).body).toMatch(/98,000,000 bytes .*97,999,999 bytes/);
    expect(describeSample("HUB_RATE_LIMITED", en).body).toContain("1 min 24 s");
    const silent = { hub: "huggingface.co", retryAfterMs: null };
    expect(describeError({ code: "HUB_RATE_LIMITED", kind: "exhausted", data: silent }, en).body).not.toContain("0 s");
  });

  it("names the nearest type that runs, and where it is, only as far as that is known", () => {
    const words = (data: object) =>
      describeError({ code: "UNSUPPORTED_FORMAT", kind: "unsupported", data: { ...data } }, en).body;
    expect(words({ format: "FP8", nearest: "Q8_0", where: null })).toContain("The nearest GGUF type is Q8_0.");
    expect(words({ format: "FP8", nearest: "Q8_0", where: "a/b-GGUF" })).toContain("Q8_0, at a/b-GGUF.");
    expect(words({ format: "FP8", nearest: null, where: null })).toContain("No GGUF version");
  });

  it("says which models are close to a name that does not exist", () => {
    expect(describeSample("MODEL_NOT_FOUND", zh).body).toContain("smollm2-135m-instruct、deskside-starter");
  });

  it("says it when nothing had been written, instead of '0 tokens are kept'", () => {
    const data = { exitCode: 1, signal: null, keptTokens: 0 };
    expect(describeError({ code: "ENGINE_CRASHED", kind: "unavailable", data }, en).body).toContain("question is kept");
  });

  it("offers what can be done, in a word", () => {
    expect(describeSample("ENGINE_GAVE_UP", en).action).toEqual({ kind: "restart-engine", label: "Restart" });
    expect(describeSample("ENGINE_CRASHED", zh).action).toEqual({ kind: "continue", label: "继续" });
    expect(describeSample("SETTING_LOCKED", en).action).toBeUndefined();
  });

  it("stays honest about a code or data that it does not know", () => {
    const foreign = describeError({ code: "FROM_THE_FUTURE", kind: "internal", data: {} }, en);
    expect(foreign.body).toContain("FROM_THE_FUTURE");
    const broken = describeError(
      { code: "CONTEXT_OVERFLOW", kind: "precondition", data: { promptTokens: "many" } },
      en,
    );
    expect(broken.body).toContain("CONTEXT_OVERFLOW");
    expect(describeError({ code: "toString", kind: "internal", data: {} }, en).title).toBe("Something failed");
  });

  it("does not show the text of an error that is not ours", () => {
    expect(toErrorData(new Error("password=1234"))).toEqual({
      code: "INTERNAL",
      kind: "internal",
      data: { incident: "" },
    });
    const own = new DesksideError({ code: "DISK_FULL", kind: "exhausted", data: { path: "/x" } });
    expect(toErrorData(own).code).toBe("DISK_FULL");
  });
});
