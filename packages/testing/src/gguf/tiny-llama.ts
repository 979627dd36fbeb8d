import type { GgufSpec, GgufTensorSpec, GgufValue } from "./gguf-encoder.ts";
import { createSeededRandom } from "./seeded-random.ts";

export interface TinyLlamaOptions {
  /** Weights differ with it. Default 1. */
  readonly seed?: number;
  /** `sentencepiece` writes unknown text with byte tokens; `byte-pair` has one token a byte. */
  readonly tokenizer?: "sentencepiece" | "byte-pair";
  readonly layers?: number;
  /** Tokens the model says it was trained on. Default 256. */
  readonly contextLength?: number;
  /** Jinja source; null = none. Default ChatML. */
  readonly chatTemplate?: string | null;
  readonly name?: string;
}

const width = 32;
const heads = 2;
const sharedHeads = 1;
const headWidth = width / heads;
const innerWidth = 64;

const chatMl =
  "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>\\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

/** A model of the `llama` kind with some 20,000 random weights (about 100 kB): it loads and writes nonsense. */
export function tinyLlama(options: TinyLlamaOptions = {}): GgufSpec {
  const layers = options.layers ?? 1;
  const vocabulary = (options.tokenizer ?? "sentencepiece") === "sentencepiece" ? sentencePiece() : bytePair();
  const template = options.chatTemplate === undefined ? chatMl : options.chatTemplate;
  return {
    metadata: [
      ["general.architecture", text("llama")],
      ["general.type", text("model")],
      ["general.name", text(options.name ?? "Tiny")],
      ["general.size_label", text("20K")],
      ["general.license", text("cc0-1.0")],
      ["general.file_type", u32(0)],
      ["llama.context_length", u32(options.contextLength ?? 256)],
      ["llama.embedding_length", u32(width)],
      ["llama.block_count", u32(layers)],
      ["llama.feed_forward_length", u32(innerWidth)],
      ["llama.attention.head_count", u32(heads)],
      ["llama.attention.head_count_kv", u32(sharedHeads)],
      ["llama.attention.layer_norm_rms_epsilon", { type: "f32", value: 1e-5 }],
      ["llama.rope.dimension_count", u32(headWidth)],
      ["llama.rope.freq_base", { type: "f32", value: 10_000 }],
      ...vocabulary.metadata,
      ...(template === null ? [] : [["tokenizer.chat_template", text(template)] as const]),
    ],
    tensors: tensors(layers, vocabulary.size, options.seed ?? 1),
  };
}

function text(value: string): GgufValue {
  return { type: "string", value };
}

function u32(value: number): GgufValue {
  return { type: "u32", value };
}

interface Vocabulary {
  readonly size: number;
  readonly metadata: readonly (readonly [string, GgufValue])[];
}

const words = ["▁the", "▁a", "▁of", "▁is", "he", "ll", "o", "e", "t", "▁", "你", "好"];
const normal = 1;
const unknown = 2;
const control = 3;
const byte = 6;

function sentencePiece(): Vocabulary {
  const specials = ["<unk>", "<s>", "</s>", "<|im_start|>", "<|im_end|>"];
  const bytes = Array.from({ length: 256 }, (_, value) => `<0x${value.toString(16).toUpperCase().padStart(2, "0")}>`);
  const tokens = [...specials, ...bytes, ...words];
  const types = [
    unknown,
    ...specials.slice(1).map(() => control),
    ...bytes.map(() => byte),
    ...words.map(() => normal),
  ];
  return {
    size: tokens.length,
    metadata: [
      ["tokenizer.ggml.model", text("llama")],
      ["tokenizer.ggml.pre", text("default")],
      ["tokenizer.ggml.tokens", { type: "array", of: "string", values: tokens }],
      ["tokenizer.ggml.scores", { type: "array", of: "f32", values: tokens.map((_, index) => -index) }],
      ["tokenizer.ggml.token_type", { type: "array", of: "i32", values: types }],
      ["tokenizer.ggml.bos_token_id", u32(1)],
      ["tokenizer.ggml.eos_token_id", u32(2)],
      ["tokenizer.ggml.unknown_token_id", u32(0)],
      ["tokenizer.ggml.add_bos_token", { type: "bool", value: true }],
      ["tokenizer.ggml.add_eos_token", { type: "bool", value: false }],
    ],
  };
}

function bytePair(): Vocabulary {
  const specials = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"];
  const tokens = [...specials, ...visibleBytes(), "he", "ll"];
  const types = tokens.map((_, index) => (index < specials.length ? control : normal));
  return {
    size: tokens.length,
    metadata: [
      ["tokenizer.ggml.model", text("gpt2")],
      ["tokenizer.ggml.pre", text("gpt-2")],
      ["tokenizer.ggml.tokens", { type: "array", of: "string", values: tokens }],
      ["tokenizer.ggml.token_type", { type: "array", of: "i32", values: types }],
      ["tokenizer.ggml.merges", { type: "array", of: "string", values: ["h e", "l l"] }],
      ["tokenizer.ggml.bos_token_id", u32(0)],
      ["tokenizer.ggml.eos_token_id", u32(2)],
      ["tokenizer.ggml.add_bos_token", { type: "bool", value: false }],
    ],
  };
}

/** The letters that stand for the 256 bytes in a byte-pair vocabulary. */
function visibleBytes(): string[] {
  let next = 256;
  return Array.from({ length: 256 }, (_, value) => {
    const isVisible = (value > 32 && value < 127) || (value > 160 && value !== 173);
    return String.fromCodePoint(isVisible ? value : next++);
  });
}

function tensors(layers: number, vocabularySize: number, seed: number): GgufTensorSpec[] {
  const random = createSeededRandom(seed);
  const weights = (name: string, ...shape: number[]): GgufTensorSpec => {
    const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => (random.next() - 0.5) * 0.2);
    return { name, type: "F32", shape, data: new Uint8Array(values.buffer) };
  };
  const ones = (name: string): GgufTensorSpec => {
    return { name, type: "F32", shape: [width], data: new Uint8Array(new Float32Array(width).fill(1).buffer) };
  };
  const blocks = Array.from({ length: layers }, (_, layer) => [
    ones(`blk.${layer}.attn_norm.weight`),
    weights(`blk.${layer}.attn_q.weight`, width, width),
    weights(`blk.${layer}.attn_k.weight`, width, headWidth * sharedHeads),
    weights(`blk.${layer}.attn_v.weight`, width, headWidth * sharedHeads),
    weights(`blk.${layer}.attn_output.weight`, width, width),
    ones(`blk.${layer}.ffn_norm.weight`),
    weights(`blk.${layer}.ffn_gate.weight`, width, innerWidth),
    weights(`blk.${layer}.ffn_up.weight`, width, innerWidth),
    weights(`blk.${layer}.ffn_down.weight`, innerWidth, width),
  ]);
  return [weights("token_embd.weight", width, vocabularySize), ...blocks.flat(), ones("output_norm.weight")];
}
