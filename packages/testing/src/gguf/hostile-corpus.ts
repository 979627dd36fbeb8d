import { type EncodedGguf, encodeGguf, type GgufSpec, type GgufValue } from "./gguf-encoder.ts";
import { createSeededRandom } from "./seeded-random.ts";

/** A file that is wrong in one way. `name` says how, and is the same in every run. */
export interface GgufMutant {
  readonly name: string;
  readonly bytes: Buffer;
}

const extremes: readonly (readonly [string, bigint])[] = [
  ["0", 0n],
  ["1", 1n],
  ["2^31-1", 2n ** 31n - 1n],
  ["2^32-1", 2n ** 32n - 1n],
  ["2^63-1", 2n ** 63n - 1n],
  ["2^64-1", 2n ** 64n - 1n],
];

/** Every number in the header set to each extreme that fits into it. */
export function* extremeFields(base: EncodedGguf): Generator<GgufMutant> {
  for (const field of base.fields) {
    if (field.kind === "text" || field.kind === "magic") continue;
    for (const [label, value] of extremes) {
      if (value >= 2n ** BigInt(field.size * 8)) continue;
      const bytes = Buffer.from(base.bytes);
      let rest = value;
      for (let index = 0; index < field.size; index++) {
        bytes[field.at + index] = Number(rest & 255n);
        rest >>= 8n;
      }
      yield { name: `${field.label} = ${label}`, bytes };
    }
  }
}

/** Cut at every border between two fields, and at every percent of the whole file. */
export function* cuts(base: EncodedGguf): Generator<GgufMutant> {
  const places = new Set(base.fields.map((field) => field.at));
  for (let percent = 0; percent < 100; percent++) places.add(Math.floor((base.bytes.length * percent) / 100));
  for (const place of [...places].sort((a, b) => a - b)) {
    yield { name: `cut at ${place} of ${base.bytes.length}`, bytes: base.bytes.subarray(0, place) };
  }
}

/** `count` files with 1 to 4 flipped bits, all inside the header. */
export function* bitFlips(base: EncodedGguf, options: { seed: number; count: number }): Generator<GgufMutant> {
  const random = createSeededRandom(options.seed);
  for (let index = 0; index < options.count; index++) {
    const bytes = Buffer.from(base.bytes);
    const flips = 1 + (random.below(4) === 0 ? random.below(4) : 0);
    const places: string[] = [];
    for (let flip = 0; flip < flips; flip++) {
      const at = random.below(base.headerBytes);
      const bit = random.below(8);
      bytes[at] = (bytes[at] as number) ^ (1 << bit);
      places.push(`${at}.${bit}`);
    }
    yield { name: `seed ${options.seed} #${index}: bits ${places.join(" ")}`, bytes };
  }
}

function withMetadata(spec: GgufSpec, ...pairs: readonly (readonly [string, GgufValue])[]): GgufSpec {
  const replaced = new Set(pairs.map(([key]) => key));
  return { ...spec, metadata: [...spec.metadata.filter(([key]) => !replaced.has(key)), ...pairs] };
}

function number(type: "u8" | "u16" | "u32" | "u64", value: number | bigint): GgufValue {
  return { type, value };
}

/** Files with one key of the specification changed, added or left out. */
export function* craftedSpecs(spec: GgufSpec): Generator<GgufMutant> {
  const text = (value: string): GgufValue => ({ type: "string", value });
  const changes: readonly (readonly [string, GgufValue])[] = [
    ["split.count", number("u16", 3)],
    ["split.count", number("u16", 2)],
    ["split.count", number("u64", 2n ** 63n)],
    ["__proto__.polluted", text("yes")],
    ["__proto__", text("yes")],
    ["constructor.prototype.polluted", text("yes")],
    ["general.alignment", number("u32", 0)],
    ["general.alignment", number("u32", 33)],
    ["general.alignment", number("u32", 1)],
    ["general.alignment", number("u32", 2 ** 31)],
    ["general.alignment", number("u64", 32)],
    ["general.architecture", text("")],
    ["general.architecture", text("clip")],
    ["general.architecture", text("no-such-architecture")],
    ["general.architecture", number("u32", 1)],
    ["general.type", text("mmproj")],
    ["llama.attention.head_count", number("u32", 3)],
    ["llama.attention.head_count", { type: "array", of: "u32", values: [2, 2, 2] }],
    ["llama.attention.head_count_kv", number("u32", 0)],
    ["llama.attention.layer_norm_rms_epsilon", { type: "f32", value: -1 }],
    ["llama.attention.layer_norm_rms_epsilon", { type: "f32", value: Number.NaN }],
    ["llama.rope.scaling.type", text("no-such-scaling")],
    ["llama.expert_count", number("u32", 4)],
    ["llama.expert_used_count", number("u32", 4)],
    ["llama.expert_group_count", number("u32", 4)],
    ["llama.nextn_predict_layers", number("u32", 9)],
    ["llama.pooling_type", number("u32", 77)],
    ["llama.attention.key_length", number("u32", 0)],
    ["llama.attention.value_length", number("u32", 8)],
    ["tokenizer.ggml.model", text("no_vocab")],
    ["tokenizer.ggml.model", text("bert")],
    ["tokenizer.ggml.model", text("t5")],
    ["tokenizer.ggml.model", text("rwkv")],
    ["tokenizer.ggml.model", text("plamo2")],
    ["tokenizer.ggml.tokens", { type: "array", of: "u32", values: [1, 2, 3] }],
    ["tokenizer.ggml.tokens", { type: "array", of: "string", values: ["a", "a"] }],
    ["tokenizer.ggml.tokens", { type: "array", of: "string", values: [] }],
    ["tokenizer.ggml.scores", { type: "array", of: "f32", values: [0] }],
    ["tokenizer.ggml.token_type", { type: "array", of: "i32", values: [1] }],
    ["tokenizer.ggml.eos_token_id", number("u32", 100_000)],
  ];
  for (const change of changes) {
    yield { name: `${change[0]} = ${describe(change[1])}`, bytes: encodeGguf(withMetadata(spec, change)).bytes };
  }
  for (const [key] of spec.metadata) {
    const rest = spec.metadata.filter(([other]) => other !== key);
    yield { name: `without ${key}`, bytes: encodeGguf({ ...spec, metadata: rest }).bytes };
  }
  const first = spec.metadata[0] as (typeof spec.metadata)[number];
  yield { name: "first key twice", bytes: encodeGguf({ ...spec, metadata: [...spec.metadata, first] }).bytes };
  const tensor = spec.tensors[1] as (typeof spec.tensors)[number];
  yield { name: "one tensor twice", bytes: encodeGguf({ ...spec, tensors: [...spec.tensors, tensor] }).bytes };
  yield { name: "no tensors", bytes: encodeGguf({ ...spec, tensors: [] }).bytes };
}

function describe(value: GgufValue): string {
  return value.type === "array" ? `${value.of}[${value.values.length}]` : `${value.type} ${String(value.value)}`;
}

/** Heads written byte by byte: overflows that readers of this format have fallen for. */
export function* overflowShapes(): Generator<GgufMutant> {
  const u32 = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return bytes;
  };
  const u64 = (value: bigint): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(value);
    return bytes;
  };
  const string = (value: string): Buffer => Buffer.concat([u64(BigInt(value.length)), Buffer.from(value)]);
  const head = (tensors: bigint, keys: bigint, ...rest: Buffer[]): Buffer =>
    Buffer.concat([Buffer.from("GGUF"), u32(3), u64(tensors), u64(keys), ...rest, Buffer.alloc(512)]);
  const architecture = Buffer.concat([string("general.architecture"), u32(8), string("llama")]);
  const tensor = (name: string, shape: bigint[], type: number, offset: bigint): Buffer =>
    Buffer.concat([string(name), u32(shape.length), ...shape.map(u64), u32(type), u64(offset)]);

  yield { name: "2^32 tensors", bytes: head(2n ** 32n, 0n) };
  yield { name: "2^32 keys", bytes: head(0n, 2n ** 32n) };
  // Times the size of a tensor record this wraps around to a small allocation.
  yield { name: "tensor count wraps", bytes: head(2n ** 64n / 368n + 1n, 0n) };
  yield { name: "negative counts", bytes: head(2n ** 64n - 1n, 2n ** 64n - 1n) };
  yield { name: "key of 2^64-1 bytes", bytes: head(0n, 1n, u64(2n ** 64n - 1n)) };
  yield { name: "key of no bytes", bytes: head(0n, 1n, u64(0n), u32(4), u32(1)) };
  yield { name: "string of 2^63 bytes", bytes: head(0n, 1n, string("k"), u32(8), u64(2n ** 63n)) };
  for (const [label, count] of [
    ["2^61", 2n ** 61n],
    ["2^32", 2n ** 32n],
    ["2^64-1", 2n ** 64n - 1n],
    ["2^26", 2n ** 26n],
  ] as const) {
    yield { name: `array of ${label} u64`, bytes: head(0n, 1n, string("k"), u32(9), u32(10), u64(count)) };
    yield { name: `array of ${label} strings`, bytes: head(0n, 1n, string("k"), u32(9), u32(8), u64(count)) };
    yield { name: `array of ${label} arrays`, bytes: head(0n, 1n, string("k"), u32(9), u32(9), u64(count)) };
  }
  const deep = Array.from({ length: 1000 }, () => Buffer.concat([u32(9), u64(1n)]));
  yield { name: "arrays 1,000 deep", bytes: head(0n, 1n, string("k"), u32(9), ...deep) };
  const wide = 2n ** 32n;
  yield { name: "2^64 elements", bytes: head(1n, 1n, architecture, tensor("t", [wide, wide], 0, 0n)) };
  yield { name: "2^62 elements of 4 bytes", bytes: head(1n, 1n, architecture, tensor("t", [2n ** 62n], 0, 0n)) };
  yield { name: "negative dimension", bytes: head(1n, 1n, architecture, tensor("t", [2n ** 64n - 4n], 0, 0n)) };
  yield { name: "five dimensions", bytes: head(1n, 1n, architecture, tensor("t", [1n, 1n, 1n, 1n, 1n], 0, 0n)) };
  // The padded sizes add up to a little more than 2^64.
  const half = [2n ** 61n];
  const pair = [tensor("a", half, 0, 0n), tensor("b", half, 0, 2n ** 63n)];
  yield { name: "sizes that wrap around", bytes: head(2n, 1n, architecture, ...pair) };
  yield { name: "offset 2^64-32", bytes: head(1n, 1n, architecture, tensor("t", [32n], 0, 2n ** 64n - 32n)) };
  yield { name: "tensor name of 64 bytes", bytes: head(1n, 1n, architecture, tensor("n".repeat(64), [32n], 0, 0n)) };
  for (const type of [4, 5, 31, 33, 36, 37, 38, 43, 2 ** 31, 2 ** 32 - 1]) {
    yield { name: `tensor type ${type}`, bytes: head(1n, 1n, architecture, tensor("t", [32n], type, 0n)) };
  }
}

/** Files of other kinds under a wrong name. */
export function* foreignFiles(): Generator<GgufMutant> {
  yield { name: "empty", bytes: Buffer.alloc(0) };
  yield { name: "two bytes", bytes: Buffer.from("GG") };
  yield { name: "only the magic", bytes: Buffer.from("GGUF") };
  yield { name: "zip", bytes: Buffer.concat([Buffer.from("PK\u0003\u0004"), Buffer.alloc(2000, 7)]) };
  yield { name: "web page", bytes: Buffer.from(`<!DOCTYPE html><title>404</title>${"x".repeat(500)}`) };
  yield {
    name: "safetensors",
    bytes: Buffer.concat([Buffer.from([40, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('{"t":{"dtype":"F32","shape":[1]}}')]),
  };
  yield { name: "pickle", bytes: Buffer.concat([Buffer.from([0x80, 2]), Buffer.alloc(500, 0x8a)]) };
  yield { name: "old ggml", bytes: Buffer.concat([Buffer.from("lmgg"), Buffer.alloc(500)]) };
  yield { name: "zeros", bytes: Buffer.alloc(4096) };
  const swapped = Buffer.alloc(64);
  swapped.write("GGUF");
  swapped.writeUInt32BE(3, 4);
  yield { name: "other byte order", bytes: swapped };
  for (const version of [0, 1, 4, 2 ** 31]) {
    const bytes = Buffer.alloc(64);
    bytes.write("GGUF");
    bytes.writeUInt32LE(version, 4);
    yield { name: `version ${version}`, bytes };
  }
}
