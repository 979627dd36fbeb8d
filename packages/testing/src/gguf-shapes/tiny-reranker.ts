import type { GgufSpec, GgufTensorSpec } from "../gguf/gguf-encoder.ts";
import { createSeededRandom } from "../gguf/seeded-random.ts";
import { f32, shapeSpec, u32 } from "./shape-spec.ts";

const [layers, hidden, inner, vocabulary, context] = [2, 64, 128, 300, 512];
/** `LLAMA_POOLING_TYPE_RANK`: the ranking head is applied to the first token. */
const rankPooling = 4;

/** A BERT with a ranking head and random weights (about 0.6 MB): it scores, and what it scores means nothing. */
export function tinyReranker(seed = 1): GgufSpec {
  const spec = shapeSpec({
    ...{ architecture: "bert", layers, hidden, vocabulary, context, tokenizer: "word-piece" },
    metadata: {
      feed_forward_length: u32(inner),
      "attention.head_count": u32(4),
      "attention.layer_norm_epsilon": f32(1e-12),
      "attention.causal": { type: "bool", value: false },
      pooling_type: u32(rankPooling),
    },
    tensors: [
      ["token_embd.weight", "F32", hidden, vocabulary],
      ["position_embd.weight", "F32", hidden, context],
      ["token_types.weight", "F32", hidden, 2],
      ...norm("token_embd_norm"),
      ...Array.from({ length: layers }, (_, index) => block(`blk.${index}`)).flat(),
      ...matrix("cls", hidden, hidden),
      ...matrix("cls.output", hidden, 1),
    ],
  });
  const random = createSeededRandom(seed);
  return { ...spec, tensors: spec.tensors.map((tensor) => withWeights(tensor, () => (random.next() - 0.5) * 0.6)) };
}

type Tensor = readonly [string, "F32", ...number[]];

function norm(name: string): Tensor[] {
  return [
    [`${name}.weight`, "F32", hidden],
    [`${name}.bias`, "F32", hidden],
  ];
}

function matrix(name: string, from: number, to: number): Tensor[] {
  return [
    [`${name}.weight`, "F32", from, to],
    [`${name}.bias`, "F32", to],
  ];
}

function block(name: string): Tensor[] {
  return [
    ...["attn_q", "attn_k", "attn_v", "attn_output"].flatMap((part) => matrix(`${name}.${part}`, hidden, hidden)),
    ...norm(`${name}.attn_output_norm`),
    ...matrix(`${name}.ffn_up`, hidden, inner),
    ...matrix(`${name}.ffn_down`, inner, hidden),
    ...norm(`${name}.layer_output_norm`),
  ];
}

function withWeights(tensor: GgufTensorSpec, next: () => number): GgufTensorSpec {
  const length = tensor.shape.reduce((product, size) => product * size, 1);
  const isScale = tensor.name.endsWith("norm.weight");
  const values = Float32Array.from({ length }, () => (isScale ? 1 : next()));
  return { ...tensor, data: new Uint8Array(values.buffer) };
}
