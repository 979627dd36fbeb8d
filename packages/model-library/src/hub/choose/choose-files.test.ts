import { describe, expect, test } from "vitest";
import type { HubRevision } from "../hub.ts";
import { chooseFiles, listGgufChoices } from "./choose-files.ts";
import { parseGgufFileName } from "./gguf-file-names.ts";

function repo(...paths: string[]): HubRevision {
  const files = paths.map((path, index) => ({ path, sizeBytes: 10 + index, sha256: null }));
  return { repo: "acme/tiny-GGUF", revision: "a".repeat(40), gated: false, licence: null, files };
}

const usual = repo(
  "README.md",
  "tiny-Q8_0.gguf",
  "tiny-Q4_K_M.gguf",
  "tiny-IQ3_XXS.gguf",
  "tiny-BF16.gguf",
  "mmproj-tiny-F16.gguf",
  "imatrix.gguf",
);

const split = repo(
  "Q4_K_M/big-Q4_K_M-00002-of-00003.gguf",
  "Q4_K_M/big-Q4_K_M-00001-of-00003.gguf",
  "Q4_K_M/big-Q4_K_M-00003-of-00003.gguf",
  "Q8_0/big-Q8_0-00001-of-00003.gguf",
  "Q8_0/big-Q8_0-00003-of-00003.gguf",
);

const paths = (revision: HubRevision, wanted: string | null) =>
  chooseFiles(revision, wanted).files.map(({ path }) => path);

test.each([
  ["DeepSeek-R1-Distill-Qwen-7B-Q4_K_M.gguf", "Q4_K_M"],
  ["qwen2.5-0.5b-instruct-q8_0.gguf", "Q8_0"],
  ["DeepSeek-R1-UD-Q2_K_XL-00001-of-00005.gguf", "UD-Q2_K_XL"],
  ["SmolLM2-135M-Instruct.Q4_1.gguf", "Q4_1"],
  ["gpt-oss-20b-mxfp4.gguf", "MXFP4"],
  ["Llama-3.2-1B-Instruct-f16.gguf", "F16"],
  ["model-fp16.gguf", "F16"],
  ["Qwen3-8B-IQ4_NL.gguf", "IQ4_NL"],
  ["bitnet-TQ2_0.gguf", "TQ2_0"],
  ["Q6_K/model.gguf", "Q6_K"],
  ["mixtral-Q3_K_XL-v2.gguf", "Q3_K_XL"],
  ["q4-notes.gguf", "Q4"],
  ["model.gguf", null],
  ["IQ-test-model.gguf", null],
])("%s is %s", (path, quantization) => {
  expect(parseGgufFileName(path)?.quantization).toBe(quantization);
});

describe("one file", () => {
  test.each(["Q8_0", "q8_0", "tiny-Q8_0.gguf", "TINY-q8_0.GGUF", "tiny-Q8_0"])("by %s", (wanted) => {
    expect(paths(usual, wanted)).toEqual(["tiny-Q8_0.gguf"]);
  });

  test("the usual quantization when nobody says; the only one there is; a helper only by its name", () => {
    expect(paths(usual, null)).toEqual(["tiny-Q4_K_M.gguf"]);
    expect(paths(repo("odd.gguf", "mmproj-F16.gguf"), null)).toEqual(["odd.gguf"]);
    expect(paths(usual, "mmproj-tiny-F16.gguf")).toEqual(["mmproj-tiny-F16.gguf"]);
    expect(() => chooseFiles(usual, "F16")).toThrow("HUB_FILE_NOT_FOUND");
  });

  test("Unsloth's mixes answer to the plain name unless there is a plain one", () => {
    expect(paths(repo("a-UD-Q4_K_XL.gguf", "a-Q4_K_M.gguf"), "q4_k_xl")).toEqual(["a-UD-Q4_K_XL.gguf"]);
    expect(paths(repo("a-UD-Q4_K_M.gguf", "a-Q4_K_M.gguf"), "q4_k_m")).toEqual(["a-Q4_K_M.gguf"]);
  });
});

describe("a split model", () => {
  test("comes whole and in order, by its quantization or any of its parts", () => {
    const all = [1, 2, 3].map((number) => `Q4_K_M/big-Q4_K_M-0000${number}-of-00003.gguf`);
    expect(paths(split, "Q4_K_M")).toEqual(all);
    expect(paths(split, "big-Q4_K_M-00002-of-00003.gguf")).toEqual(all);
    expect(chooseFiles(split, null).sizeBytes).toBe(10 + 11 + 12);
  });

  test("with a part missing is refused, naming it, and not offered", () => {
    expect(failureOf(split, "Q8_0")).toMatchObject({ wanted: "Q8_0/big-Q8_0-00002-of-00003.gguf" });
    expect(listGgufChoices(split).map(({ quantization }) => quantization)).toEqual(["Q4_K_M"]);
  });

  test("with a part twice or a number out of range is not complete", () => {
    expect(failureOf(repo("a-Q4_0-00000-of-00001.gguf"), null)).toMatchObject({ wanted: "a-Q4_0-00001-of-00001.gguf" });
    expect(listGgufChoices(repo("a-00001-of-00002.gguf", "a-00003-of-00002.gguf"))).toEqual([]);
  });
});

describe("what is not there", () => {
  test("names the nearest quantizations or files", () => {
    expect(failureOf(usual, "Q4_K_S")).toMatchObject({ wanted: "Q4_K_S" });
    expect(failureOf(usual, "Q4_K_S")["nearest"]).toContain("Q4_K_M");
    expect(failureOf(usual, "tiny-Q4_K.gguf")["nearest"]).toContain("tiny-Q4_K_M.gguf");
    expect(failureOf(repo("README.md"), null)).toEqual({ repo: "acme/tiny-GGUF", wanted: "*.gguf", nearest: [] });
  });

  test("several models of one quantization must be told apart", () => {
    const two = repo("a-Q4_K_M.gguf", "b-Q4_K_M.gguf");
    expect(failureOf(two, "Q4_K_M")["nearest"]).toEqual(["a-Q4_K_M.gguf", "b-Q4_K_M.gguf"]);
    expect(failureOf(two, null)["nearest"]).toEqual(["a-Q4_K_M.gguf", "b-Q4_K_M.gguf"]);
  });
});

describe("formats that do not run here", () => {
  test.each([
    ["Qwen/Qwen3-8B-FP8", "model.safetensors", "FP8", "Q8_0"],
    ["Qwen/Qwen3-8B-AWQ", "model.safetensors", "AWQ", "Q4_K_M"],
    ["acme/x-GPTQ-Int4", "model.safetensors", "GPTQ", "Q4_K_M"],
    ["acme/x-w8a8", "model.safetensors", "INT8", "Q8_0"],
    ["mlx-community/x-4bit-mlx", "model.safetensors", "MLX", null],
    ["Qwen/Qwen3-8B", "model-00001-of-00005.safetensors", "safetensors", "BF16"],
    ["acme/old", "pytorch_model.bin", "PyTorch", "BF16"],
  ])("%s is %s", (name, file, format, nearest) => {
    const error = failureOf({ ...repo(file), repo: name }, null);
    expect(error).toEqual({ format, nearest, where: null });
  });

  test("asked for where there is GGUF too, the answer says where", () => {
    const where = "acme/tiny-GGUF:Q8_0";
    expect(failureOf(usual, "FP8")).toEqual({ format: "FP8", nearest: "Q8_0", where });
    expect(failureOf(usual, "gptq-int4")).toEqual({
      format: "GPTQ",
      nearest: "Q4_K_M",
      where: "acme/tiny-GGUF:Q4_K_M",
    });
    expect(failureOf(usual, "model.safetensors")).toMatchObject({ format: "safetensors" });
  });

  test("a model whose name holds such a word is still a model", () => {
    expect(paths(repo("tiny-from-fp8-Q4_K_M.gguf"), "tiny-from-fp8-Q4_K_M.gguf")).toHaveLength(1);
  });
});

function failureOf(revision: HubRevision, wanted: string | null): Record<string, unknown> {
  try {
    chooseFiles(revision, wanted);
  } catch (error) {
    return (error as { data: Record<string, unknown> }).data;
  }
  throw new Error("was accepted");
}
