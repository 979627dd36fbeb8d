import { fileURLToPath } from "node:url";
import type { Prompt } from "@deskside/contract/engine";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Engine, loadInto, startEngine, writeAnswer } from "../test/in-process-engine.ts";

const starter = fileURLToPath(new URL("../../../../models/starter/starter-q8_0.gguf", import.meta.url));
const prompt: Prompt = { messages: [{ role: "user", text: "What is 17 + 25?" }], prefill: null };
const begun: Prompt = { ...prompt, prefill: { text: "", reasoning: "I add" } };
const greedy = { temperature: 0, maxTokens: 80 };

let engine: Engine;
beforeAll(async () => {
  engine = startEngine();
  const plan = { modelPath: starter, modelName: "starter", gpu: "none", gpuLayers: 0 } as const;
  await loadInto(engine, { ...plan, contextSize: 512, batchSize: 256, threads: 1 });
});
afterAll(() => engine.unload());

it("reasoning ends where its budget ends, and an answer follows", async () => {
  const free = await writeAnswer(engine, { prompt, sampling: greedy });
  expect(free.finish.reasoningTokens).toBeGreaterThan(3);
  const short = await writeAnswer(engine, { prompt, sampling: { ...greedy, maxReasoningTokens: 2 } });
  // The mark that closes it is counted with it, as when the model writes it.
  expect(short.finish.reasoningTokens).toBeLessThan(free.finish.reasoningTokens + 3);
  expect(free.reasoning.startsWith(short.reasoning)).toBe(true);
  expect(short.reasoning.length).toBeLessThan(free.reasoning.length);
  expect(short.text).not.toBe("");
  expect(short.text).not.toContain("</think>");
  expect(short.finish.contextUsed).toBeGreaterThanOrEqual(short.finish.outputTokens);
});

it("a budget of none closes a reasoning that the prompt opened before the first token", async () => {
  const none = await writeAnswer(engine, { prompt: begun, sampling: { ...greedy, maxReasoningTokens: 0 } });
  expect(none.reasoning).toBe("");
  expect(none.text).not.toBe("");
});

it("a budget that is not reached changes nothing", async () => {
  const free = await writeAnswer(engine, { prompt, sampling: greedy });
  const wide = await writeAnswer(engine, { prompt, sampling: { ...greedy, maxReasoningTokens: 1_000 } });
  expect({ text: wide.text, reasoning: wide.reasoning }).toEqual({ text: free.text, reasoning: free.reasoning });
});
