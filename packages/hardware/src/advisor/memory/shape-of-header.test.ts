import { describe, expect, it } from "vitest";
import type { HeaderLike } from "./header-values.ts";
import { shapeOfHeader } from "./shape-of-header.ts";

type Values = Readonly<Record<string, unknown>>;
type Tensor = HeaderLike["tensors"][number];
const tensor = (name: string, type: string, bytes: number, ...shape: number[]): Tensor => ({
  name,
  type,
  bytes,
  shape,
});

function header(architecture: string, values: Values, more: Partial<HeaderLike> = {}): HeaderLike {
  const metadata = new Map(Object.entries(values).map(([key, value]) => [`${architecture}.${key}`, value]));
  return {
    architecture,
    quantization: "Q4_K_M",
    parameters: 1e9,
    fileBytes: 1e9,
    headerBytes: 1e6,
    tensors: [tensor("output.weight", "Q6_K", 500, 64, 8), tensor("output_norm.weight", "F32", 8, 64)],
    contextLength: 4096,
    embeddingLength: 64,
    blockCount: 6,
    headCounts: [4],
    keyValueHeadCounts: [2],
    vocabularySize: 1000,
    metadata,
    ...more,
  };
}
const layersOf = (architecture: string, values: Values, more: Partial<HeaderLike> = {}) =>
  shapeOfHeader(header(architecture, values, more))?.layers ?? [];
const memories = (architecture: string, values: Values, more: Partial<HeaderLike> = {}) =>
  layersOf(architecture, values, more).map((layer) => layer.memory);

describe("weights by tensor names", () => {
  it("tells layers, experts, embedding and output apart", () => {
    const tensors = [
      tensor("token_embd.weight", "Q4_K", 1000, 64, 8),
      tensor("output_norm.weight", "F32", 8, 64),
      tensor("blk.0.attn_q.weight", "Q4_K", 10, 64, 64),
      tensor("blk.0.attn_norm.weight", "F32", 1, 64),
      tensor("blk.1.ffn_up_exps.weight", "Q4_K", 200, 64, 8, 4),
      tensor("blk.1.ffn_gate_inp.weight", "F32", 3, 64, 4),
      tensor("blk.1.ffn_up_shexp.weight", "Q6_K", 7, 64, 8),
    ];
    const shape = shapeOfHeader(
      header(
        "qwen3moe",
        { expert_count: 4, expert_used_count: 2, expert_feed_forward_length: 8 },
        { tensors, blockCount: 2 },
      ),
    );
    expect(shape?.layers[0]).toMatchObject({ weightBytes: 11, expertBytes: 0, matrixBytesByType: { Q4_K: 10 } });
    expect(shape?.layers[1]).toMatchObject({
      weightBytes: 10,
      expertBytes: 200,
      matrixBytesByType: { Q4_K: 200, Q6_K: 7 },
    });
    expect(shape).toMatchObject({ embeddingBytes: 1000, tiedOutput: true, outputBytes: 1008, outputMatrixBytes: 1000 });
    expect(shape?.experts).toEqual({ total: 4, used: 2, feedForward: 8 });
  });

  it("does not count a matrix as repackable whose rows are not in eights", () => {
    const tensors = [tensor("blk.0.attn_q.weight", "Q4_K", 10, 64, 12), tensor("output.weight", "F16", 1, 64, 8)];
    expect(layersOf("llama", {}, { tensors, blockCount: 1 })[0]?.matrixBytesByType).toEqual({});
  });

  it("has no shape for an adapter", () => {
    expect(shapeOfHeader(header("llama", {}, { blockCount: null }))).toBeNull();
    expect(shapeOfHeader(header("llama", {}, { blockCount: 0 }))).toBeNull();
  });
});

describe("how layers remember", () => {
  it("takes head counts of single layers and given lengths", () => {
    const layers = layersOf(
      "llama",
      { "attention.key_length": 32, "attention.value_length": 48 },
      { keyValueHeadCounts: [1, 2, 3, 4, 0, 6] },
    );
    expect(layers.map((layer) => layer.kvHeads)).toEqual([1, 2, 3, 4, 0, 6]);
    expect(layers[0]).toMatchObject({ memory: "full", keyLength: 32, valueLength: 48 });
    expect(layers[4]).toMatchObject({ memory: "none" });
  });

  it.each([
    ["gemma2", "SFSFSF"],
    ["gemma3", "SSSSSF"],
    ["gpt-oss", "SFSFSF"],
    ["cohere2", "SSSFSS"],
    ["smallthinker", "FSSSFS"],
    ["llama", "FFFFFF"],
    ["phi3", "FFFFFF"],
  ])("knows the windows of %s", (architecture, expected) => {
    const kinds = memories(architecture, { "attention.sliding_window": 512 });
    expect(kinds.map((kind) => (kind === "sliding" ? "S" : "F")).join("")).toBe(expected);
    expect(memories(architecture, {})).not.toContain("sliding");
  });

  it("follows the list in the file, other lengths included", () => {
    const layers = layersOf("gemma4", {
      "attention.sliding_window": 512,
      "attention.sliding_window_pattern": [true, true, false, true, false, false],
      "attention.key_length": 512,
      "attention.value_length": 512,
      "attention.key_length_swa": 256,
      "attention.value_length_swa": 256,
      "attention.shared_kv_layers": 2,
    });
    expect(layers.map((layer) => layer.memory)).toEqual(["sliding", "sliding", "full", "sliding", "none", "none"]);
    expect(layers.map((layer) => layer.keyLength)).toEqual([256, 256, 512, 256, 0, 0]);
  });

  it("keeps compressed keys only where the file has the lengths for it", () => {
    const mla = { "attention.kv_lora_rank": 512, "rope.dimension_count": 64, "attention.key_length": 576 };
    const [layer] = layersOf("deepseek2", { ...mla, "attention.key_length_mla": 192 });
    expect(layer).toMatchObject({ memory: "latent", kvHeads: 1, keyLength: 576 });
    const [old] = layersOf(
      "deepseek2",
      { "attention.key_length": 192, "attention.value_length": 128 },
      { keyValueHeadCounts: [16] },
    );
    expect(old).toMatchObject({ memory: "full", kvHeads: 16, keyLength: 192, valueLength: 128 });
  });

  it("counts the states of Qwen3.6-27B as llama.cpp does: 598.5 MiB for four sequences", () => {
    const values = { "ssm.conv_kernel": 4, "ssm.inner_size": 6144, "ssm.state_size": 128, "ssm.group_count": 16 };
    const layers = layersOf("qwen35", values, { blockCount: 64 });
    expect(layers.filter((layer) => layer.memory === "recurrent")).toHaveLength(48);
    expect(layers[3]?.memory).toBe("full");
    const bytes = layers.reduce((sum, layer) => sum + layer.stateBytes, 0);
    expect((4 * bytes) / 2 ** 20).toBeCloseTo(598.5, 1);
  });

  it("finds recurrent layers by missing heads, and both kinds in one layer", () => {
    const values = { "ssm.conv_kernel": 4, "ssm.inner_size": 128, "ssm.state_size": 16 };
    expect(memories("jamba", values, { keyValueHeadCounts: [0, 0, 8, 0, 0, 8] })[2]).toBe("full");
    expect(memories("jamba", values, { keyValueHeadCounts: [0, 0, 8, 0, 0, 8] })[1]).toBe("recurrent");
    expect(new Set(memories("mamba", values))).toEqual(new Set(["recurrent"]));
    const [both] = layersOf("falcon-h1", values);
    expect(both?.memory).toBe("full");
    expect(both?.stateBytes).toBeGreaterThan(0);
  });

  it("keeps nothing for an encoder", () => {
    const tensors = [tensor("token_embd.weight", "F16", 9, 64, 8)];
    const shape = shapeOfHeader(header("bert", { pooling_type: 2 }, { tensors }));
    expect(new Set(shape?.layers.map((layer) => layer.memory))).toEqual(new Set(["none"]));
    expect(shape).toMatchObject({ role: "embedding", tiedOutput: false, outputBytes: 0 });
  });

  it("is not led astray by values of the wrong kind", () => {
    const odd = {
      "attention.sliding_window": "512",
      "attention.key_length": -1,
      "ssm.inner_size": 1.5,
      expert_count: [],
    };
    expect(layersOf("gemma3", odd)[0]).toMatchObject({ memory: "full", keyLength: 16, valueLength: 16 });
    expect(shapeOfHeader(header("gemma3", odd))).toMatchObject({ experts: null, slidingWindow: null });
  });
});
