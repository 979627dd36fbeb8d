import type { GgufSpec, GgufTensorSpec, GgufValue } from "../gguf/gguf-encoder.ts";

type Tensor = readonly [name: string, type: GgufTensorSpec["type"], ...shape: number[]];

export const u32 = (value: number): GgufValue => ({ type: "u32", value });
export const f32 = (value: number): GgufValue => ({ type: "f32", value });
export const text = (value: string): GgufValue => ({ type: "string", value });
export const u32List = (values: readonly number[]): GgufValue => ({ type: "array", of: "i32", values });

/** A model of one architecture: what differs from the others. Keys without the name of the architecture. */
export interface ShapeParts {
  readonly architecture: string;
  readonly layers: number;
  readonly hidden: number;
  readonly vocabulary: number;
  readonly context: number;
  readonly metadata: Readonly<Record<string, GgufValue>>;
  readonly tensors: readonly Tensor[];
  readonly tokenizer?: "byte-pair" | "word-piece";
}

/** Puts a specification together. Weights are zeros: sizes and structure are real, answers are not. */
export function shapeSpec(parts: ShapeParts): GgufSpec {
  const { architecture } = parts;
  return {
    metadata: [
      ["general.architecture", text(architecture)],
      ["general.type", text("model")],
      ["general.name", text(`${architecture} shape`)],
      [`${architecture}.context_length`, u32(parts.context)],
      [`${architecture}.embedding_length`, u32(parts.hidden)],
      [`${architecture}.block_count`, u32(parts.layers)],
      ...Object.entries(parts.metadata).map(([key, value]) => [`${architecture}.${key}`, value] as const),
      ...(parts.tokenizer === "word-piece" ? wordPiece(parts.vocabulary) : bytePair(parts.vocabulary)),
    ],
    tensors: parts.tensors.map(([name, type, ...shape]) => ({ name, type, shape })),
  };
}

function bytePair(size: number): (readonly [string, GgufValue])[] {
  const specials = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"];
  const tokens = fill([...specials, ...visibleBytes(), "he", "ll"], size);
  const types = tokens.map((_, index) => (index < specials.length ? 3 : 1));
  return [
    ["tokenizer.ggml.model", text("gpt2")],
    ["tokenizer.ggml.pre", text("gpt-2")],
    ["tokenizer.ggml.tokens", { type: "array", of: "string", values: tokens }],
    ["tokenizer.ggml.token_type", { type: "array", of: "i32", values: types }],
    ["tokenizer.ggml.merges", { type: "array", of: "string", values: ["h e", "l l"] }],
    ["tokenizer.ggml.bos_token_id", u32(0)],
    ["tokenizer.ggml.eos_token_id", u32(2)],
    ["tokenizer.ggml.add_bos_token", { type: "bool", value: false }],
    [
      "tokenizer.chat_template",
      text("{% for m in messages %}<|im_start|>{{ m['content'] }}<|im_end|>{% endfor %}<|im_start|>"),
    ],
  ];
}

function wordPiece(size: number): (readonly [string, GgufValue])[] {
  const specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
  const tokens = fill([...specials, ...visibleBytes().map((letter) => `▁${letter}`)], size);
  return [
    ["tokenizer.ggml.model", text("bert")],
    ["tokenizer.ggml.tokens", { type: "array", of: "string", values: tokens }],
    ["tokenizer.ggml.token_type", { type: "array", of: "i32", values: tokens.map((_, at) => (at < 5 ? 3 : 1)) }],
    ["tokenizer.ggml.token_type_count", u32(2)],
    ["tokenizer.ggml.unknown_token_id", u32(1)],
    ["tokenizer.ggml.cls_token_id", u32(2)],
    ["tokenizer.ggml.seperator_token_id", u32(3)],
    ["tokenizer.ggml.padding_token_id", u32(0)],
    ["tokenizer.ggml.bos_token_id", u32(2)],
    ["tokenizer.ggml.eos_token_id", u32(3)],
    ["tokenizer.ggml.mask_token_id", u32(4)],
  ];
}

function fill(tokens: readonly string[], size: number): string[] {
  const more = Math.max(0, size - tokens.length);
  return [...tokens, ...Array.from({ length: more }, (_, index) => `word${index}`)];
}

/** The letters that stand for the 256 bytes in a byte-pair vocabulary. */
function visibleBytes(): string[] {
  let next = 256;
  return Array.from({ length: 256 }, (_, value) => {
    const isVisible = (value > 32 && value < 127) || (value > 160 && value !== 173);
    return String.fromCodePoint(isVisible ? value : next++);
  });
}
