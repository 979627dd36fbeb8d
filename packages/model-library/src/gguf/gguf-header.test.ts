import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, open, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDesksideError } from "@deskside/base";
import { encodeGguf, type GgufSpec, type GgufValue, tinyLlama, writeGguf } from "@deskside/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readGgufHeader } from "./gguf-header.ts";

let directory = "";
let path = "";

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "deskside-gguf-header-"));
  path = join(directory, "model.gguf");
});

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

const models = fileURLToPath(new URL("../../../../models/", import.meta.url));

function withMetadata(spec: GgufSpec, ...pairs: (readonly [string, GgufValue])[]): GgufSpec {
  const replaced = new Set(pairs.map(([key]) => key));
  return { ...spec, metadata: [...spec.metadata.filter(([key]) => !replaced.has(key)), ...pairs] };
}

function without(spec: GgufSpec, key: string): GgufSpec {
  return { ...spec, metadata: spec.metadata.filter(([other]) => other !== key) };
}

/** The error as the interface gets it. */
async function refusal(file = path): Promise<{ code: string; data: Record<string, unknown> }> {
  try {
    await readGgufHeader(file);
  } catch (error) {
    if (isDesksideError(error)) return { code: error.code, data: error.data };
    throw error;
  }
  throw new Error("was accepted");
}

async function refusalOf(spec: GgufSpec): Promise<string> {
  await writeGguf(path, spec);
  const { code, data } = await refusal();
  return typeof data.problem === "string" ? `${code} ${data.problem}` : code;
}

describe("models that travel with the product", () => {
  test("SmolLM2 is described as its card does", async () => {
    const header = await readGgufHeader(join(models, "smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf"));
    expect(header).toMatchObject({
      version: 3,
      kind: "model",
      architecture: "llama",
      quantization: "Q4_1",
      contextLength: 8192,
      embeddingLength: 576,
      blockCount: 30,
      headCounts: [9],
      keyValueHeadCounts: [3],
      vocabularySize: 49_152,
      fileBytes: 98_362_432,
    });
    expect(header.parameters).toBe(134_515_008);
    expect(header.chatTemplate).toContain("<|im_start|>");
    expect(header.metadata.get("llama.rope.freq_base")).toBe(100_000);
  });

  test("the starter's tensors fill its file to the last byte", async () => {
    const header = await readGgufHeader(join(models, "starter/starter-q8_0.gguf"));
    expect(header.headerBytes + header.tensorBytes).toBe(header.fileBytes);
    expect(header.tensors).toHaveLength(38);
    expect(header.tensors[0]).toEqual({
      name: "token_embd.weight",
      type: "Q8_0",
      shape: [256, 5120],
      elements: 1_310_720,
      bytes: 1_392_640,
      offset: 0,
    });
  });

  const real = new URL(
    "../../../../../shared/fixtures/gguf/deepseek-r1-distill-qwen-7b-q4_k_m.header.gguf",
    import.meta.url,
  );
  test.runIf(existsSync(real))("the head of a real 7B file is accepted at full length only", async () => {
    const truncated = await refusal(fileURLToPath(real));
    expect(truncated.code).toBe("GGUF_TRUNCATED");
    expect(truncated.data).toMatchObject({ expectedBytes: 4_683_073_248, actualBytes: 5_953_246 });
    const whole = join(directory, "sparse.gguf");
    await using source = await open(real);
    await writeFile(whole, await source.readFile());
    await truncate(whole, 4_683_073_248);
    const header = await readGgufHeader(whole);
    expect(header).toMatchObject({ architecture: "qwen2", quantization: "Q4_K_M", vocabularySize: 152_064 });
  });
});

describe("size of the file", () => {
  test("a file without its weights is truncated, with both sizes, and whole once they are there", async () => {
    const { bytes, headerBytes } = encodeGguf(tinyLlama());
    await writeFile(path, bytes.subarray(0, headerBytes));
    expect(await refusal()).toEqual({
      code: "GGUF_TRUNCATED",
      data: { path, expectedBytes: bytes.length, actualBytes: headerBytes },
    });
    await truncate(path, bytes.length);
    expect((await readGgufHeader(path)).fileBytes).toBe(bytes.length);
  });

  test("a large file is read at its head only: 9 GiB of sparse weights are no work", async () => {
    const spec = tinyLlama();
    const huge = { name: "extra.weight", type: "Q4_K", shape: [262_144, 65_536] } as const;
    const small = encodeGguf({ ...spec, tensors: [...spec.tensors, { ...huge, shape: [256, 1] }] });
    const dimensions = small.fields.filter(({ label }) => label.endsWith("of extra.weight") && label.startsWith("dim"));
    const bytes = Buffer.from(small.bytes);
    for (const [index, length] of huge.shape.entries()) {
      bytes.writeBigUInt64LE(BigInt(length), dimensions.filter(({ kind }) => kind === "dimension")[index]?.at ?? 0);
    }
    await writeFile(path, bytes);
    const { data } = await refusal();
    expect(data.expectedBytes).toBeGreaterThan(9 * 2 ** 30);
    await truncate(path, Number(data.expectedBytes));
    expect((await readGgufHeader(path)).tensors.at(-1)?.name).toBe("extra.weight");
  });
});

describe("what is not a regular file", () => {
  test("directory, missing file, dangling link and impossible path are MODEL_NOT_READABLE", async () => {
    const folder = join(directory, "folder.gguf");
    await mkdir(folder, { recursive: true });
    await symlink(join(directory, "gone"), join(directory, "dangling.gguf"));
    for (const file of [folder, join(directory, "none"), join(directory, "dangling.gguf"), "a\0b"]) {
      expect((await refusal(file)).code).toBe("MODEL_NOT_READABLE");
    }
  });

  test.skipIf(process.platform === "win32")("a pipe and a link to a device do not block", async () => {
    const pipe = join(directory, "pipe.gguf");
    const [makePipe, ...arguments_] = ["mkfifo", pipe] as const;
    execFileSync(makePipe, arguments_);
    const device = join(directory, "device.gguf");
    await symlink("/dev/zero", device);
    expect((await refusal(pipe)).code).toBe("MODEL_NOT_READABLE");
    expect((await refusal(device)).code).toBe("MODEL_NOT_READABLE");
  });

  test("an abort ends the reading with its own reason", async () => {
    await writeGguf(path, tinyLlama());
    const reason = new Error("enough");
    await expect(readGgufHeader(path, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describe("keys", () => {
  test("version 2 is read, 1 and 4 are not", async () => {
    await writeGguf(path, { ...tinyLlama(), version: 2 });
    expect((await readGgufHeader(path)).version).toBe(2);
    expect(await refusalOf({ ...tinyLlama(), version: 1 })).toBe("GGUF_INVALID unsupported-version");
    expect(await refusalOf({ ...tinyLlama(), version: 4 })).toBe("GGUF_INVALID unsupported-version");
  });

  test("keys of the object prototype change no object", async () => {
    const value: GgufValue = { type: "string", value: "yes" };
    expect(await refusalOf(withMetadata(tinyLlama(), ["__proto__.polluted", value]))).toBe("GGUF_INVALID bad-text");
    await writeGguf(path, withMetadata(tinyLlama(), ["constructor.prototype.polluted", value], ["toString", value]));
    const header = await readGgufHeader(path);
    expect(header.metadata.get("toString")).toBe("yes");
    expect("polluted" in {}).toBe(false);
  });

  test("a key that is not UTF-8, and one with a zero byte, are bad text", async () => {
    const { bytes, fields } = encodeGguf(withMetadata(tinyLlama(), ["general.note", { type: "u8", value: 1 }]));
    const at = fields.find(({ label }) => label === "key general.note")?.at ?? 0;
    for (const byte of [0xff, 0x00]) {
      const broken = Buffer.from(bytes);
      broken[at + 3] = byte;
      await writeFile(path, broken);
      expect((await refusal()).data.problem).toBe("bad-text");
    }
  });

  test("an author's name in an old encoding does not make a model unusable", async () => {
    const { bytes, fields } = encodeGguf(
      withMetadata(tinyLlama(), ["general.author", { type: "string", value: "Jose" }]),
    );
    bytes[(fields.find(({ label }) => label === "general.author")?.at ?? 0) + 3] = 0xe9;
    await writeFile(path, bytes);
    expect((await readGgufHeader(path)).metadata.get("general.author")).toBe("Jos\ufffd");
  });

  test("short texts that add up to more than the limit are refused instead of kept", async () => {
    const text: GgufValue = { type: "string", value: "x".repeat(60_000) };
    const many = Array.from({ length: 200 }, (_, index) => [`note.${index}`, text] as const);
    expect(await refusalOf(withMetadata(tinyLlama(), ...many))).toBe("GGUF_INVALID header-too-large");
  });

  test("a chat template beyond the limit is refused, a long licence is passed over", async () => {
    const template: GgufValue = { type: "string", value: "x".repeat(300_000) };
    const refused = await refusalOf(withMetadata(tinyLlama(), ["tokenizer.chat_template", template]));
    expect(refused).toBe("GGUF_INVALID string-out-of-range");
    await writeGguf(path, withMetadata(tinyLlama(), ["general.license.text", template]));
    expect((await readGgufHeader(path)).metadata.has("general.license.text")).toBe(false);
  });
});

describe("kinds of files", () => {
  test("parts of a split model are named as such", async () => {
    expect(await refusalOf(withMetadata(tinyLlama(), ["split.count", { type: "u16", value: 3 }]))).toBe(
      "GGUF_INVALID split-file",
    );
  });

  test.each(["clip", "wavtokenizer-dec", "a-new-one"])("architecture %s is unsupported, and named", async (value) => {
    await writeGguf(path, withMetadata(tinyLlama(), ["general.architecture", { type: "string", value }]));
    expect(await refusal()).toEqual({ code: "GGUF_UNSUPPORTED", data: { path, architecture: value } });
  });

  test("an adapter needs no vocabulary", async () => {
    const text = (value: string): GgufValue => ({ type: "string", value });
    await writeGguf(path, {
      metadata: [
        ["general.architecture", text("llama")],
        ["general.type", text("adapter")],
        ["adapter.type", text("lora")],
        ["adapter.lora.alpha", { type: "f32", value: 32 }],
      ],
      tensors: [
        { name: "blk.0.attn_q.weight.lora_a", type: "F16", shape: [32, 4] },
        { name: "blk.0.attn_q.weight.lora_b", type: "F16", shape: [4, 32] },
      ],
    });
    expect(await readGgufHeader(path)).toMatchObject({ kind: "adapter", quantization: "F16", vocabularySize: null });
  });

  test("without a declared file type the type that holds most bytes counts", async () => {
    await writeGguf(path, without(tinyLlama(), "general.file_type"));
    expect((await readGgufHeader(path)).quantization).toBe("F32");
  });
});

describe("metadata that would end the native process", () => {
  const u32 = (value: number): GgufValue => ({ type: "u32", value });
  const f32 = (value: number): GgufValue => ({ type: "f32", value });
  const text = (value: string): GgufValue => ({ type: "string", value });
  const cases: [string, string, GgufValue][] = [
    ["no heads", "llama.attention.head_count", u32(0)],
    ["heads that do not divide the width", "llama.attention.head_count", u32(3)],
    ["shared heads that do not divide the heads", "llama.attention.head_count_kv", u32(3)],
    ["no shared heads", "llama.attention.head_count_kv", u32(0)],
    ["no blocks", "llama.block_count", u32(0)],
    ["too many blocks", "llama.block_count", u32(513)],
    ["no width inside", "llama.feed_forward_length", u32(0)],
    ["a width of the wrong type", "llama.embedding_length", { type: "u64", value: 32 }],
    ["one head count for two blocks", "llama.attention.head_count", { type: "array", of: "u32", values: [2, 2] }],
    ["an odd rotation", "llama.rope.dimension_count", u32(15)],
    ["a rotation wider than a head", "llama.rope.dimension_count", u32(64)],
    ["key and value heads of two widths", "llama.attention.key_length", u32(8)],
    ["a negative epsilon", "llama.attention.layer_norm_rms_epsilon", f32(-1e-5)],
    ["an epsilon that is no number", "llama.attention.layer_norm_rms_epsilon", f32(Number.NaN)],
    ["unknown scaling", "llama.rope.scaling.type", text("other")],
    ["experts that nobody uses", "llama.expert_count", u32(8)],
    ["more used experts than there are", "llama.expert_used_count", u32(8)],
    ["unknown pooling", "llama.pooling_type", u32(9)],
    ["a next-token block in place of the model", "llama.nextn_predict_layers", u32(1)],
    ["an end token outside the vocabulary", "tokenizer.ggml.eos_token_id", u32(1_000_000)],
    ["scores for another vocabulary", "tokenizer.ggml.scores", { type: "array", of: "f32", values: [1, 2] }],
    ["types for another vocabulary", "tokenizer.ggml.token_type", { type: "array", of: "i32", values: [1, 2] }],
    ["a vocabulary of numbers", "tokenizer.ggml.tokens", { type: "array", of: "u32", values: [1, 2] }],
    ["a context beyond all reason", "llama.context_length", u32(2 ** 31)],
  ];
  test.each(cases)("%s", async (_, key, value) => {
    expect(await refusalOf(withMetadata(tinyLlama(), [key, value]))).toBe("GGUF_INVALID bad-value");
  });

  test("what must be there", async () => {
    const needed = ["general.architecture", "llama.context_length", "tokenizer.ggml.model", "tokenizer.ggml.tokens"];
    for (const key of needed) expect(await refusalOf(without(tinyLlama(), key))).toBe("GGUF_INVALID missing-key");
    const merges = without(tinyLlama({ tokenizer: "byte-pair" }), "tokenizer.ggml.merges");
    expect(await refusalOf(merges)).toBe("GGUF_INVALID missing-key");
  });

  test("a norm that is not F32", async () => {
    const spec = tinyLlama();
    const tensors = spec.tensors.map(({ data, ...tensor }) =>
      tensor.name === "output_norm.weight" ? { ...tensor, type: "F16" as const } : { ...tensor, ...(data && { data }) },
    );
    expect(await refusalOf({ ...spec, tensors })).toBe("GGUF_INVALID unknown-tensor-type");
  });

  test("an alignment below what the native library maps", async () => {
    const spec = tinyLlama();
    const tensors = [{ name: "a.weight", type: "F16" as const, shape: [5] }, ...spec.tensors];
    const alignment = ["general.alignment", { type: "u32", value: 2 }] as const;
    expect(await refusalOf({ ...withMetadata(spec, alignment), tensors })).toBe("GGUF_INVALID bad-alignment");
  });
});
