import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDesksideError } from "@deskside/base";
import { type GgufSpec, type GgufValue, tinyLlama, writeGguf } from "@deskside/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readGgufHeader } from "../gguf-header.ts";

let directory = "";

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "deskside-tokenizer-"));
});

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

const base = tinyLlama();

function array(key: string): Extract<GgufValue, { type: "array" }> {
  const value = base.metadata.find(([other]) => other === key)?.[1];
  if (value?.type !== "array") throw new Error(`${key} is no array`);
  return value;
}

/** The tiny model with other metadata; undefined takes a key out. */
function changed(changes: Readonly<Record<string, GgufValue | undefined>>): GgufSpec {
  const kept = base.metadata.filter(([key]) => !(key in changes));
  const added = Object.entries(changes).flatMap(([key, value]) => (value ? [[key, value] as const] : []));
  return { ...base, metadata: [...kept, ...added] };
}

async function verdict(spec: GgufSpec): Promise<string> {
  const path = join(directory, "model.gguf");
  await writeGguf(path, spec);
  try {
    await readGgufHeader(path);
    return "accepted";
  } catch (error) {
    if (!isDesksideError(error)) throw error;
    return `${error.code} ${String(error.data.problem ?? error.data.architecture)}`;
  }
}

const text = (value: string): GgufValue => ({ type: "string", value });
const u32 = (value: number): GgufValue => ({ type: "u32", value });

function replaced(index: number, token: string): GgufValue {
  const tokens = array("tokenizer.ggml.tokens");
  return { ...tokens, values: tokens.values.with(index, token) };
}

test("a token that occurs twice is found, whatever its place", async () => {
  const tokens = array("tokenizer.ggml.tokens");
  const last = tokens.values.length - 1;
  const twice = replaced(last, String(tokens.values[last - 3]));
  expect(await verdict(changed({ "tokenizer.ggml.tokens": twice }))).toBe("GGUF_INVALID bad-value");
});

test("one empty token is no repetition, but its replacement text can be", async () => {
  const last = array("tokenizer.ggml.tokens").values.length - 1;
  expect(await verdict(changed({ "tokenizer.ggml.tokens": replaced(last, "") }))).toBe("accepted");
  const tokens = array("tokenizer.ggml.tokens");
  const clash = { ...tokens, values: tokens.values.with(last, "").with(last - 1, `[EMPTY_${last}]`) };
  expect(await verdict(changed({ "tokenizer.ggml.tokens": clash }))).toBe("GGUF_INVALID bad-value");
});

test("a vocabulary that cannot write every byte is refused", async () => {
  // Token 5 stands for the byte 0.
  expect(await verdict(changed({ "tokenizer.ggml.tokens": replaced(5 + 0xe9, "<0xZZ>") }))).toBe(
    "GGUF_INVALID bad-value",
  );
  // "A" may stand for itself.
  expect(await verdict(changed({ "tokenizer.ggml.tokens": replaced(5 + 0x41, "A") }))).toBe("accepted");
});

test("texts that must begin with a token need that token", async () => {
  const t5 = {
    "tokenizer.ggml.model": text("t5"),
    "tokenizer.ggml.bos_token_id": undefined,
    "tokenizer.ggml.add_bos_token": { type: "bool", value: true },
  } as const;
  expect(await verdict(changed(t5))).toBe("GGUF_INVALID missing-key");
  expect(await verdict(changed({ ...t5, "tokenizer.ggml.bos_token_id": u32(1) }))).toBe("accepted");
});

test("'no such token' as converters write it is no error", async () => {
  expect(await verdict(changed({ "tokenizer.ggml.bos_token_id": u32(0xffff_ffff) }))).toBe("accepted");
  expect(await verdict(changed({ "tokenizer.ggml.padding_token_id": u32(0xffff_ffff) }))).toBe("accepted");
});

test("byte tokens in a word-piece vocabulary are refused", async () => {
  const wordPiece = {
    "tokenizer.ggml.model": text("bert"),
    "tokenizer.ggml.seperator_token_id": u32(2),
  };
  expect(await verdict(changed(wordPiece))).toBe("GGUF_INVALID bad-value");
  const types = array("tokenizer.ggml.token_type");
  const plain = { ...types, values: types.values.map(() => 1) };
  expect(await verdict(changed({ ...wordPiece, "tokenizer.ggml.token_type": plain }))).toBe("accepted");
});

test("a RWKV vocabulary without all 256 bytes is refused: its tokenizer would never come back", async () => {
  const rwkv = { "tokenizer.ggml.model": text("rwkv") };
  expect(await verdict(changed(rwkv))).toBe("GGUF_INVALID bad-value");
  const escaped = Array.from({ length: 256 }, (_, byte) => `\\x${byte.toString(16).padStart(2, "0")}`);
  const tokens = array("tokenizer.ggml.tokens");
  const whole = { ...tokens, values: tokens.values.map((token, index) => escaped[index] ?? token) };
  expect(await verdict(changed({ ...rwkv, "tokenizer.ggml.tokens": whole }))).toBe("accepted");
});

test("a model without vocabulary, or with a kind nobody knows, is unsupported", async () => {
  expect(await verdict(changed({ "tokenizer.ggml.model": text("no_vocab") }))).toBe(
    "GGUF_UNSUPPORTED llama, no vocabulary",
  );
  expect(await verdict(changed({ "tokenizer.ggml.model": text("other") }))).toBe(
    "GGUF_UNSUPPORTED llama, tokenizer other",
  );
});
