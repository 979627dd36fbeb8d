import { expect, test } from "vitest";
import { parseModelReference } from "./model-reference.ts";

const base = { kind: "repo", repo: "acme/tiny", baseUrl: null, revision: null, wanted: null };
const huggingFace = "https://huggingface.co";

test.each([
  ["acme/tiny", base],
  [" acme/tiny:Q4_K_M ", { ...base, wanted: "Q4_K_M" }],
  ["acme/tiny:q4/a-Q4_0.gguf", { ...base, wanted: "q4/a-Q4_0.gguf" }],
  ["hf.co/acme/tiny:Q8_0", { ...base, baseUrl: huggingFace, wanted: "Q8_0" }],
  ["https://huggingface.co/acme/tiny", { ...base, baseUrl: huggingFace }],
  ["https://hf-mirror.com/acme/tiny/tree/v1", { ...base, baseUrl: "https://hf-mirror.com", revision: "v1" }],
  [
    "https://huggingface.co/acme/tiny/blob/main/q%204/a.gguf?x=1",
    { ...base, baseUrl: huggingFace, revision: "main", wanted: "q 4/a.gguf" },
  ],
  [
    "http://127.0.0.1:8080/acme/tiny/resolve/main/a.gguf",
    { ...base, baseUrl: "http://127.0.0.1:8080", revision: "main", wanted: "a.gguf" },
  ],
  ["https://www.modelscope.cn/models/acme/tiny/files", { ...base, baseUrl: "https://www.modelscope.cn" }],
  ["https://files.example/models/a/b/c.gguf", { kind: "url", url: "https://files.example/models/a/b/c.gguf" }],
])("%s is understood", (text, reference) => {
  expect(parseModelReference(text)).toEqual(reference);
});

test.each([
  "",
  "tiny",
  "acme/tiny:a:b",
  "acme/tiny:../x",
  "../tiny",
  "acme/ti ny",
  "https://user:secret@huggingface.co/acme/tiny",
  "https://huggingface.co/acme/tiny/resolve/main/%2e%2e%2fx",
  "https://huggingface.co/%",
  "https://example.com/",
  "file:///etc/passwd",
  "a/b".repeat(2000),
])("%j is not", (text) => {
  expect(parseModelReference(text)).toBeNull();
});
