import { readCharsmapProblem } from "./charsmap-check.ts";
import type { GgufFailures } from "../gguf-failures.ts";
import { ggufLimits } from "../gguf-limits.ts";
import type { HeaderReader } from "../header-reader.ts";
import type { Metadata, MetadataEntry } from "../metadata-reader.ts";
import { type ByteTokenStyle, scanTokens } from "./token-scan.ts";

const byteTokenType = 6;
/** "None" as converters write it into an unsigned field. */
const noToken = 0xffff_ffff;

/** Special tokens that llama.cpp assumes for a kind of vocabulary when the file names none. */
interface VocabularyKind {
  readonly bos: number | null;
  readonly eos: number | null;
  readonly separator: number | null;
  readonly addsBos: boolean;
  readonly addsEos: boolean;
  readonly needsMerges?: boolean;
  /** Text without a token of its own is written with 256 byte tokens; this is how they look. */
  readonly byteTokens?: ByteTokenStyle;
}

const bytePair: VocabularyKind = {
  bos: 11,
  eos: 11,
  separator: null,
  addsBos: false,
  addsEos: false,
  needsMerges: true,
};

const vocabularyKinds: ReadonlyMap<string, VocabularyKind> = new Map([
  ["llama", { bos: 1, eos: 2, separator: null, addsBos: true, addsEos: false, byteTokens: "fallback" }],
  ["bert", { bos: 101, eos: null, separator: 102, addsBos: true, addsEos: false }],
  ["gpt2", bytePair],
  ["hybriddna", bytePair],
  ["whitespace", bytePair],
  ["gemma4", { ...bytePair, bos: null, eos: null }],
  ["t5", { bos: null, eos: 1, separator: null, addsBos: false, addsEos: true }],
  ["rwkv", { bos: null, eos: null, separator: null, addsBos: false, addsEos: false, byteTokens: "escaped" }],
  ["plamo2", { bos: 1, eos: 2, separator: null, addsBos: false, addsEos: false, byteTokens: "fallback" }],
]);

/** Checks the vocabulary as far as the native library trusts it. Returns the number of tokens. */
export async function checkTokenizer(
  metadata: Metadata,
  architecture: string,
  reader: HeaderReader,
  failures: GgufFailures,
): Promise<number> {
  const model = metadata.get("tokenizer.ggml.model");
  if (!model) throw failures.invalid("missing-key", 0, "tokenizer.ggml.model");
  if (model.value === "no_vocab" || model.value === "none")
    throw failures.unsupported(`${architecture}, no vocabulary`);
  const kind = vocabularyKinds.get(String(model.value));
  if (!kind) throw failures.unsupported(`${architecture}, tokenizer ${String(model.value)}`);

  const tokens = requireArray(metadata, "tokenizer.ggml.tokens", ["string"], failures);
  if (tokens.count < 1 || tokens.count > ggufLimits.tokens) {
    throw failures.invalid("count-out-of-range", tokens.at, `${tokens.count} tokens`);
  }
  checkParallelArrays(metadata, tokens.count, failures);
  if (kind.needsMerges && metadata.get("tokenizer.ggml.pre")?.value !== "kimi-k2") {
    requireArray(metadata, "tokenizer.ggml.merges", ["string"], failures);
  }
  checkSpecialTokens(metadata, kind, tokens.count, failures);

  const byteTokens = await scanTokens(reader, tokens, failures, kind.byteTokens ?? null);
  if (kind.byteTokens && byteTokens < 256) {
    throw failures.invalid("bad-value", tokens.at, `${256 - byteTokens} byte tokens are missing`);
  }
  if (model.value === "bert") await checkNoByteTypes(metadata, reader, failures);
  if (model.value === "t5") await checkCharsmap(metadata, reader, failures);
  return tokens.count;
}

function requireArray(
  metadata: Metadata,
  key: string,
  types: readonly string[],
  failures: GgufFailures,
): MetadataEntry {
  const entry = metadata.get(key);
  if (!entry) throw failures.invalid("missing-key", 0, key);
  if (entry.type !== "array" || !types.includes(entry.elementType ?? "")) {
    throw failures.invalid("bad-value", entry.at, `${key} is no array of ${types.join(" or ")}`);
  }
  return entry;
}

function checkParallelArrays(metadata: Metadata, tokens: number, failures: GgufFailures): void {
  const arrays: readonly [string, readonly string[]][] = [
    ["tokenizer.ggml.scores", ["f32", "i32"]],
    ["tokenizer.ggml.token_type", ["i32"]],
  ];
  for (const [key, types] of arrays) {
    if (!metadata.has(key)) continue;
    const entry = requireArray(metadata, key, types, failures);
    if (entry.count !== tokens) {
      throw failures.invalid("bad-value", entry.at, `${key} has ${entry.count} entries for ${tokens} tokens`);
    }
  }
}

function checkSpecialTokens(metadata: Metadata, kind: VocabularyKind, tokens: number, failures: GgufFailures): void {
  /** The token that llama.cpp ends up with; null when none. */
  function effective(name: string, fallback: number | null): number | null {
    const key = `tokenizer.ggml.${name}_token_id`;
    const entry = metadata.get(key);
    const usable = fallback !== null && fallback < tokens ? fallback : null;
    if (!entry) return usable;
    if (entry.type !== "u32") throw failures.invalid("bad-value", entry.at, `${key} is ${entry.type}, must be u32`);
    const id = entry.value as number;
    if (id === noToken) return usable;
    if (id >= tokens) throw failures.invalid("bad-value", entry.at, `${key} is ${id} of ${tokens}`);
    return id;
  }
  function adds(name: string, fallback: boolean): boolean {
    const entry = metadata.get(`tokenizer.ggml.add_${name}_token`);
    if (!entry) return fallback;
    if (entry.type !== "bool") throw failures.invalid("bad-value", entry.at, `add_${name}_token is no boolean`);
    return entry.value === true;
  }
  const bos = effective("bos", kind.bos);
  const eos = effective("eos", kind.eos);
  effective("eot", null);
  effective("eom", null);
  const separator = effective("seperator", kind.separator);
  // A byte-pair vocabulary may switch this on by the name of its pre-tokenizer.
  if (bos === null && adds("bos", kind.addsBos || kind.needsMerges === true)) {
    throw failures.invalid("missing-key", 0, "tokenizer.ggml.bos_token_id, which every text begins with");
  }
  if (eos === null && adds("eos", kind.addsEos)) {
    throw failures.invalid("missing-key", 0, "tokenizer.ggml.eos_token_id, which every text ends with");
  }
  if (separator === null && (kind.separator !== null || adds("sep", false))) {
    throw failures.invalid("missing-key", 0, "tokenizer.ggml.seperator_token_id");
  }
}

/** A word-piece vocabulary with byte tokens makes llama.cpp abort. */
async function checkNoByteTypes(metadata: Metadata, reader: HeaderReader, failures: GgufFailures): Promise<void> {
  const types = metadata.get("tokenizer.ggml.token_type");
  if (!types) return;
  reader.seek(types.at);
  for (let index = 0; index < types.count; index++) {
    if (!reader.has(4)) await reader.load(4);
    if (reader.u32() === byteTokenType) {
      throw failures.invalid("bad-value", reader.position - 4, `token ${index} is a byte in a word-piece vocabulary`);
    }
  }
}

async function checkCharsmap(metadata: Metadata, reader: HeaderReader, failures: GgufFailures): Promise<void> {
  const key = "tokenizer.ggml.precompiled_charsmap";
  if (!metadata.has(key)) return;
  const entry = requireArray(metadata, key, ["u8", "i8"], failures);
  if (entry.count > ggufLimits.charsmapBytes) throw failures.invalid("count-out-of-range", entry.at, key);
  reader.seek(entry.at);
  await reader.load(entry.count);
  const problem = readCharsmapProblem(reader.bytes(entry.count));
  if (problem !== null) throw failures.invalid("bad-value", entry.at, `${key}: ${problem}`);
}
