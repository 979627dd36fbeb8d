import type { GgufSpec } from "../gguf/gguf-encoder.ts";
import { f32, shapeSpec, type ShapeParts, u32, u32List } from "./shape-spec.ts";

export const ggufShapeNames = ["dense", "mixture", "latent", "sliding", "recurrent", "encoder"] as const;
export type GgufShapeName = (typeof ggufShapeNames)[number];

/** Small models that are built like the large ones, one for each way to remember. They load and run. */
export function ggufShape(name: GgufShapeName): GgufSpec {
  return shapeSpec(shapes[name]());
}

type Tensors = ShapeParts["tensors"];
const perLayer = (layers: number, of: (layer: string, index: number) => Tensors): Tensors =>
  Array.from({ length: layers }, (_, index) => of(`blk.${index}`, index)).flat();

const shapes: Readonly<Record<GgufShapeName, () => ShapeParts>> = {
  dense,
  mixture,
  latent,
  sliding,
  recurrent,
  encoder,
};

/** What is no layer comes first, by name: the order of llama.cpp's quantizer. */
function ends(hidden: number, vocabulary: number): Tensors {
  return [
    ["output.weight", "Q8_0", hidden, vocabulary],
    ["output_norm.weight", "F32", hidden],
    ["token_embd.weight", "Q4_K", hidden, vocabulary],
  ];
}

function attention(layer: string, hidden: number, queries: number, keys: number): Tensors {
  return [
    [`${layer}.attn_norm.weight`, "F32", hidden],
    [`${layer}.attn_q.weight`, "Q4_K", hidden, queries],
    [`${layer}.attn_k.weight`, "Q4_K", hidden, keys],
    [`${layer}.attn_v.weight`, "Q4_K", hidden, keys],
    [`${layer}.attn_output.weight`, "Q4_K", queries, hidden],
  ];
}

function feedForward(layer: string, hidden: number, inner: number): Tensors {
  return [
    [`${layer}.ffn_gate.weight`, "Q4_K", hidden, inner],
    [`${layer}.ffn_up.weight`, "Q4_K", hidden, inner],
    [`${layer}.ffn_down.weight`, "Q4_K", inner, hidden],
  ];
}

/** Grouped queries, like Llama 3. Four query heads share a key. */
function dense(): ShapeParts {
  const [layers, hidden, inner, vocabulary] = [6, 1024, 2816, 32_000];
  return {
    architecture: "llama",
    layers,
    hidden,
    vocabulary,
    context: 16_384,
    metadata: {
      feed_forward_length: u32(inner),
      "attention.head_count": u32(16),
      "attention.head_count_kv": u32(4),
      "attention.layer_norm_rms_epsilon": f32(1e-5),
      "rope.dimension_count": u32(64),
    },
    tensors: [
      ...ends(hidden, vocabulary),
      ...perLayer(layers, (layer) => [
        ...attention(layer, hidden, hidden, 256),
        [`${layer}.ffn_norm.weight`, "F32", hidden],
        ...feedForward(layer, hidden, inner),
      ]),
    ],
  };
}

/** Mixture of experts, like Qwen3-30B-A3B: 4 of 16 at work. */
function mixture(): ShapeParts {
  const [layers, hidden, inner, experts, vocabulary] = [4, 1024, 512, 16, 32_000];
  return {
    architecture: "qwen3moe",
    layers,
    hidden,
    vocabulary,
    context: 16_384,
    metadata: {
      feed_forward_length: u32(2816),
      expert_feed_forward_length: u32(inner),
      expert_count: u32(experts),
      expert_used_count: u32(4),
      "attention.head_count": u32(16),
      "attention.head_count_kv": u32(4),
      "attention.key_length": u32(128),
      "attention.value_length": u32(128),
      "attention.layer_norm_rms_epsilon": f32(1e-6),
      "rope.dimension_count": u32(128),
    },
    tensors: [
      ...ends(hidden, vocabulary),
      ...perLayer(layers, (layer) => [
        ...attention(layer, hidden, 2048, 512),
        [`${layer}.attn_q_norm.weight`, "F32", 128],
        [`${layer}.attn_k_norm.weight`, "F32", 128],
        [`${layer}.ffn_norm.weight`, "F32", hidden],
        [`${layer}.ffn_gate_inp.weight`, "F32", hidden, experts],
        [`${layer}.ffn_gate_exps.weight`, "Q4_K", hidden, inner, experts],
        [`${layer}.ffn_up_exps.weight`, "Q4_K", hidden, inner, experts],
        [`${layer}.ffn_down_exps.weight`, "Q4_K", inner, hidden, experts],
      ]),
    ],
  };
}

/** Compressed keys, like DeepSeek-V3: one dense layer, then experts with a shared one. */
function latent(): ShapeParts {
  const [layers, hidden, heads, rank, rope, nope, vocabulary] = [4, 1024, 16, 512, 64, 128, 32_000];
  const [experts, inner, queryRank] = [16, 512, 768];
  return {
    architecture: "deepseek2",
    layers,
    hidden,
    vocabulary,
    context: 16_384,
    metadata: {
      feed_forward_length: u32(2816),
      leading_dense_block_count: u32(1),
      expert_feed_forward_length: u32(inner),
      expert_count: u32(experts),
      expert_used_count: u32(4),
      expert_shared_count: u32(1),
      expert_weights_scale: f32(1),
      expert_gating_func: u32(1),
      "attention.head_count": u32(heads),
      "attention.head_count_kv": u32(1),
      "attention.key_length": u32(rank + rope),
      "attention.value_length": u32(rank),
      "attention.key_length_mla": u32(nope + rope),
      "attention.value_length_mla": u32(nope),
      "attention.kv_lora_rank": u32(rank),
      "attention.q_lora_rank": u32(queryRank),
      "attention.layer_norm_rms_epsilon": f32(1e-6),
      "rope.dimension_count": u32(rope),
    },
    tensors: [
      ...ends(hidden, vocabulary),
      ...perLayer(layers, (layer, index) => [
        [`${layer}.attn_norm.weight`, "F32", hidden],
        [`${layer}.attn_q_a.weight`, "Q4_K", hidden, queryRank],
        [`${layer}.attn_q_a_norm.weight`, "F32", queryRank],
        [`${layer}.attn_q_b.weight`, "Q4_K", queryRank, heads * (nope + rope)],
        [`${layer}.attn_kv_a_mqa.weight`, "Q4_K", hidden, rank + rope],
        [`${layer}.attn_kv_a_norm.weight`, "F32", rank],
        [`${layer}.attn_k_b.weight`, "Q8_0", nope, rank, heads],
        [`${layer}.attn_v_b.weight`, "Q8_0", rank, nope, heads],
        [`${layer}.attn_output.weight`, "Q4_K", heads * nope, hidden],
        [`${layer}.ffn_norm.weight`, "F32", hidden],
        ...(index === 0
          ? feedForward(layer, hidden, 2816)
          : ([
              [`${layer}.ffn_gate_inp.weight`, "F32", hidden, experts],
              [`${layer}.ffn_gate_exps.weight`, "Q4_K", hidden, inner, experts],
              [`${layer}.ffn_up_exps.weight`, "Q4_K", hidden, inner, experts],
              [`${layer}.ffn_down_exps.weight`, "Q4_K", inner, hidden, experts],
              [`${layer}.ffn_gate_shexp.weight`, "Q4_K", hidden, inner],
              [`${layer}.ffn_up_shexp.weight`, "Q4_K", hidden, inner],
              [`${layer}.ffn_down_shexp.weight`, "Q4_K", inner, hidden],
            ] as const)),
      ]),
    ],
  };
}

/** Five layers with a window of 512 tokens, then one that sees everything; the output is the embedding: Gemma 3. */
function sliding(): ShapeParts {
  const [layers, hidden, inner, vocabulary] = [12, 1024, 2048, 32_000];
  return {
    architecture: "gemma3",
    layers,
    hidden,
    vocabulary,
    context: 16_384,
    metadata: {
      feed_forward_length: u32(inner),
      "attention.head_count": u32(4),
      "attention.head_count_kv": u32(2),
      "attention.key_length": u32(256),
      "attention.value_length": u32(256),
      "attention.layer_norm_rms_epsilon": f32(1e-6),
      "attention.sliding_window": u32(512),
      "rope.freq_base": f32(1_000_000),
    },
    tensors: [
      ["output_norm.weight", "F32", hidden],
      ["token_embd.weight", "Q8_0", hidden, vocabulary],
      ...perLayer(layers, (layer) => [
        ...attention(layer, hidden, 1024, 512),
        [`${layer}.attn_q_norm.weight`, "F32", 256],
        [`${layer}.attn_k_norm.weight`, "F32", 256],
        [`${layer}.post_attention_norm.weight`, "F32", hidden],
        [`${layer}.ffn_norm.weight`, "F32", hidden],
        [`${layer}.post_ffw_norm.weight`, "F32", hidden],
        ...feedForward(layer, hidden, inner),
      ]),
    ],
  };
}

/** Three layers of four keep a state (gated delta net), the fourth keys and values: Qwen3.5. */
function recurrent(): ShapeParts {
  const [layers, hidden, ffn, vocabulary] = [8, 1024, 2816, 32_000];
  const [state, groups, ranks] = [128, 8, 16];
  const inner = state * ranks;
  const convolved = inner + 2 * groups * state;
  return {
    architecture: "qwen35",
    layers,
    hidden,
    vocabulary,
    context: 16_384,
    metadata: {
      feed_forward_length: u32(ffn),
      full_attention_interval: u32(4),
      "attention.head_count": u32(8),
      "attention.head_count_kv": u32(2),
      "attention.key_length": u32(256),
      "attention.value_length": u32(256),
      "attention.layer_norm_rms_epsilon": f32(1e-6),
      "rope.dimension_count": u32(64),
      "rope.dimension_sections": u32List([11, 11, 10, 0]),
      "ssm.conv_kernel": u32(4),
      "ssm.inner_size": u32(inner),
      "ssm.state_size": u32(state),
      "ssm.group_count": u32(groups),
      "ssm.time_step_rank": u32(ranks),
    },
    tensors: [
      ...ends(hidden, vocabulary),
      ...perLayer(layers, (layer, index) => [
        ...((index + 1) % 4 === 0
          ? ([
              ...attention(layer, hidden, 2048, 512).filter(([name]) => !/attn_(?:q|output)\./.test(name)),
              // Queries and their gate in one matrix.
              [`${layer}.attn_q.weight`, "Q4_K", hidden, 4096],
              [`${layer}.attn_output.weight`, "Q4_K", 2048, hidden],
              [`${layer}.attn_q_norm.weight`, "F32", 256],
              [`${layer}.attn_k_norm.weight`, "F32", 256],
            ] as const)
          : ([
              [`${layer}.attn_norm.weight`, "F32", hidden],
              [`${layer}.attn_qkv.weight`, "Q4_K", hidden, convolved],
              [`${layer}.attn_gate.weight`, "Q4_K", hidden, inner],
              [`${layer}.ssm_conv1d.weight`, "F32", 4, convolved],
              [`${layer}.ssm_dt.bias`, "F32", ranks],
              [`${layer}.ssm_a`, "F32", ranks],
              [`${layer}.ssm_beta.weight`, "Q4_K", hidden, ranks],
              [`${layer}.ssm_alpha.weight`, "Q4_K", hidden, ranks],
              [`${layer}.ssm_norm.weight`, "F32", state],
              [`${layer}.ssm_out.weight`, "Q4_K", inner, hidden],
            ] as const)),
        [`${layer}.post_attention_norm.weight`, "F32", hidden],
        ...feedForward(layer, hidden, ffn),
      ]),
    ],
  };
}

/** Sees the whole text at once and gives a vector, like BGE. */
function encoder(): ShapeParts {
  const [layers, hidden, inner, vocabulary] = [6, 512, 2048, 21_128];
  const norm = (name: string): Tensors => [
    [`${name}.weight`, "F32", hidden],
    [`${name}.bias`, "F32", hidden],
  ];
  const matrix = (name: string, from: number, to: number): Tensors => [
    [`${name}.weight`, "Q8_0", from, to],
    [`${name}.bias`, "F32", to],
  ];
  return {
    architecture: "bert",
    layers,
    hidden,
    vocabulary,
    context: 8192,
    tokenizer: "word-piece",
    metadata: {
      feed_forward_length: u32(inner),
      "attention.head_count": u32(8),
      "attention.layer_norm_epsilon": f32(1e-12),
      "attention.causal": { type: "bool", value: false },
      pooling_type: u32(2),
    },
    tensors: [
      ["token_embd.weight", "Q8_0", hidden, vocabulary],
      ["position_embd.weight", "F32", hidden, 8192],
      ["token_types.weight", "F32", hidden, 2],
      ...norm("token_embd_norm"),
      ...perLayer(layers, (layer) => [
        ...matrix(`${layer}.attn_q`, hidden, hidden),
        ...matrix(`${layer}.attn_k`, hidden, hidden),
        ...matrix(`${layer}.attn_v`, hidden, hidden),
        ...matrix(`${layer}.attn_output`, hidden, hidden),
        ...norm(`${layer}.attn_output_norm`),
        ...matrix(`${layer}.ffn_up`, hidden, inner),
        ...matrix(`${layer}.ffn_down`, inner, hidden),
        ...norm(`${layer}.layer_output_norm`),
      ]),
    ],
  };
}
