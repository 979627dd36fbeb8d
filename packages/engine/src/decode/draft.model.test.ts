import { fileURLToPath } from "node:url";
import type { LoadPlanInput, Prompt } from "@deskside/contract/engine";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Engine, loadInto, startEngine, writeAnswer } from "../test/in-process-engine.ts";

const file = (name: string) => fileURLToPath(new URL(`../../../../models/${name}`, import.meta.url));
const starter = file("starter/starter-q8_0.gguf");

const plan = (draftModelPath: string | null): LoadPlanInput => ({
  ...{ modelPath: starter, modelName: "starter", gpu: "none", gpuLayers: 0 },
  ...{ contextSize: 512, batchSize: 256, threads: 1, draftModelPath },
});
const ask = (text: string): Prompt => ({ messages: [{ role: "user", text }], prefill: null });
const questions = [ask("What is the capital of France?"), ask("法国的首都是哪里?"), ask("Tell me about Berlin.")];
const greedy = { temperature: 0, maxTokens: 80 };

describe("a draft model", { timeout: 60_000 }, () => {
  let plain: Engine;
  let drafted: Engine;
  beforeAll(async () => {
    plain = startEngine();
    drafted = startEngine();
    await loadInto(plain, plan(null));
    await loadInto(drafted, plan(starter));
  });
  afterAll(async () => {
    await plain.unload();
    await drafted.unload();
  });

  it("changes no greedy answer, and what it proposed is counted", async () => {
    for (const prompt of questions) {
      const without = await writeAnswer(plain, { prompt, sampling: greedy });
      const withDraft = await writeAnswer(drafted, { prompt, sampling: greedy });
      expect(withDraft.text).toBe(without.text);
      expect(withDraft.reasoning).toBe(without.reasoning);
      expect(withDraft.finish.outputTokens).toBe(without.finish.outputTokens);
      expect(without.finish.draft).toBeUndefined();
      const { proposed = 0, accepted = 0 } = withDraft.finish.draft ?? {};
      // It is the same model: what it is sure of, the other one writes.
      expect(accepted).toBeGreaterThan(0);
      expect(accepted).toBeLessThanOrEqual(proposed);
      expect(accepted / proposed).toBeGreaterThan(0.8);
    }
  });

  it("a repeat penalty sees the proposals before each one", async () => {
    const sampling = { ...greedy, repeatPenalty: 1.3 };
    for (const prompt of questions) {
      const without = await writeAnswer(plain, { prompt, sampling });
      const withDraft = await writeAnswer(drafted, { prompt, sampling });
      expect(withDraft.text).toBe(without.text);
      expect(withDraft.finish.draft?.proposed).toBeGreaterThan(0);
    }
  });

  it("stands aside where a seed has to give the same answer", async () => {
    const [prompt = ask("")] = questions;
    const sampling = { temperature: 0.8, seed: 7, maxTokens: 40 };
    const without = await writeAnswer(plain, { prompt, sampling });
    const withDraft = await writeAnswer(drafted, { prompt, sampling });
    expect(withDraft.text).toBe(without.text);
    expect(withDraft.finish.draft).toBeUndefined();
  });

  it("an answer that ends early leaves nothing behind in the cache", async () => {
    const [prompt = ask("")] = questions;
    const sampling = { temperature: 0, maxTokens: 3 };
    const without = await writeAnswer(plain, { prompt, sampling });
    const withDraft = await writeAnswer(drafted, { prompt, sampling });
    expect(withDraft.text).toBe(without.text);
    expect(withDraft.finish.contextUsed).toBe(without.finish.contextUsed);
  });

  it("the next turn finds the earlier one in the cache", async () => {
    const [first = ask("")] = questions;
    const { text, events } = await writeAnswer(drafted, { prompt: first, sampling: greedy });
    const tokensBefore = events[0]?.type === "prompt" ? events[0].tokens : 0;
    const messages: Prompt["messages"] = [
      ...first.messages,
      { role: "assistant", text },
      { role: "user", text: "And of Germany?" },
    ];
    const without = await writeAnswer(plain, { prompt: { messages, prefill: null }, sampling: greedy });
    const next = await writeAnswer(drafted, { prompt: { messages, prefill: null }, sampling: greedy });
    expect(next.text).toBe(without.text);
    expect(next.events[0]?.type === "prompt" && next.events[0].cachedTokens).toBeGreaterThan(tokensBefore - 4);
  });

  it("of another vocabulary is refused", async () => {
    const other = file("smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf");
    const engine = startEngine();
    await expect(loadInto(engine, plan(other))).rejects.toMatchObject({
      code: "DRAFT_MISMATCH",
      data: { reason: "other-vocabulary-size" },
    });
    await expect(engine.countPrompt(questions[0] ?? ask(""))).rejects.toMatchObject({ code: "MODEL_NOT_LOADED" });
  });
});
