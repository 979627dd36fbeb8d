import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { type GgufHeader, readGgufHeader } from "../gguf/gguf-header.ts";
import { assertAdapterFits } from "./assert-adapter-fits.ts";
import { assertDraftFits } from "./assert-draft-fits.ts";

const read = (name: string) => readGgufHeader(fileURLToPath(new URL(`../../../../models/${name}`, import.meta.url)));
const [base, adapter, starter] = await Promise.all([
  read("smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf"),
  read("smollm2-135m-instruct/docqa-adapter-f16.gguf"),
  read("starter/starter-q8_0.gguf"),
]);

/** With the first tensor changed. */
function withFirst(header: GgufHeader, change: Partial<GgufHeader["tensors"][number]>): GgufHeader {
  return { ...header, tensors: header.tensors.map((tensor, at) => (at === 0 ? { ...tensor, ...change } : tensor)) };
}

test("the adapter that travels with a model fits it", () => {
  expect(adapter.tensors.length).toBeGreaterThan(100);
  expect(() => assertAdapterFits(adapter, base)).not.toThrow();
});

test.each<[string, GgufHeader, GgufHeader, string]>([
  ["a model is no adapter", starter, base, "not-an-adapter"],
  ["another architecture", { ...adapter, architecture: "qwen2" }, base, "other-architecture"],
  ["of an adapter", adapter, adapter, "other-architecture"],
  ["a model of the same kind and another size", adapter, { ...starter, architecture: "llama" }, "*"],
  [
    "a tensor the model does not have",
    withFirst(adapter, { name: "blk.99.attn_q.weight.lora_a" }),
    base,
    "unknown-tensor",
  ],
  ["a name that is no part of a pair", withFirst(adapter, { name: "blk.0.attn_q.weight" }), base, "unknown-tensor"],
  ["another width", withFirst(adapter, { shape: [577, 16] }), base, "other-shape"],
  ["another rank in one half of a pair", withFirst(adapter, { shape: [576, 8] }), base, "other-shape"],
])("refused: %s", (_, tried, model, reason) => {
  expect(() => assertAdapterFits(tried, model)).toThrow(
    expect.objectContaining({
      code: "ADAPTER_MISMATCH",
      data: expect.objectContaining({ reason: reason === "*" ? expect.stringMatching(/shape|tensor/) : reason }),
    }),
  );
});

test("a model can draft for its own vocabulary, and for no other", () => {
  expect(() => assertDraftFits(starter, { ...starter, name: "Larger" })).not.toThrow();
  const refused = (draft: GgufHeader, reason: string) =>
    expect(() => assertDraftFits(draft, base)).toThrow(
      expect.objectContaining({ code: "DRAFT_MISMATCH", data: expect.objectContaining({ reason }) }),
    );
  refused(adapter, "not-a-chat-model");
  refused(starter, "other-tokenizer");
  refused({ ...base, vocabularySize: 49_153 }, "other-vocabulary-size");
  refused(
    { ...base, metadata: new Map([...base.metadata, ["tokenizer.ggml.eos_token_id", 3]]) },
    "other-special-token",
  );
});
