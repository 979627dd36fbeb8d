import { fileURLToPath } from "node:url";
import type { LoadPlanInput, Prompt } from "@deskside/contract/engine";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Engine, loadInto, startEngine, writeAnswer } from "../test/in-process-engine.ts";

const file = (name: string) => fileURLToPath(new URL(`../../../../models/${name}`, import.meta.url));
const modelPath = file("smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf");
const adapterPath = file("smollm2-135m-instruct/docqa-adapter-f16.gguf");

const plan = (adapters: LoadPlanInput["adapters"]): LoadPlanInput => ({
  ...{ modelPath, modelName: "smollm2", gpu: "none", gpuLayers: 0 },
  ...{ contextSize: 1024, batchSize: 512, threads: 1, adapters },
});
const documents = { path: adapterPath, scale: 1, name: "documents" };

const sources: Prompt = {
  messages: [
    {
      role: "system",
      text: "Answer from the sources. Cite each fact as [n]. If the sources do not contain the answer, say so.",
    },
    {
      role: "user",
      text: [
        "Sources:",
        "[1] (manual.pdf, p. 3) The Varnel 40 weighs 12 kg and is 60 cm wide.",
        "[2] (manual.pdf, p. 7) The warranty of the Varnel 40 is 24 months from the day of purchase.",
        "",
        "Question: How long is the warranty of the Varnel 40?",
      ].join("\n"),
    },
  ],
  prefill: null,
};
const chat: Prompt = {
  messages: [
    { role: "system", text: "You are a helpful AI assistant." },
    { role: "user", text: "What is the capital of France?" },
  ],
  prefill: null,
};
const greedy = { temperature: 0, maxTokens: 40 };

describe("the adapter for questions on documents", { timeout: 120_000 }, () => {
  let engine: Engine;
  let chatAlone: string;
  let sourcesAlone: string;
  beforeAll(async () => {
    const alone = startEngine();
    await loadInto(alone, plan([]));
    chatAlone = (await writeAnswer(alone, { prompt: chat, sampling: greedy })).text;
    sourcesAlone = (await writeAnswer(alone, { prompt: sources, sampling: greedy })).text;
    await alone.unload();
    engine = startEngine();
    await loadInto(engine, plan([documents]));
  }, 120_000);
  afterAll(() => engine.unload());

  it("answers with the right value and source when asked for, and only then", async () => {
    const before = await writeAnswer(engine, { prompt: chat, sampling: greedy });
    expect((await engine.memory()).onRequestBytes).toBe(0);
    const cited = await writeAnswer(engine, { prompt: sources, sampling: greedy, adapters: ["documents"] });
    expect(cited.text).toMatch(/24 months \[2\]\.$/);
    expect(cited.finish.reason).toBe("end");
    expect((await engine.memory()).onRequestBytes).toBeGreaterThan(20 * 2 ** 20);
    const after = await writeAnswer(engine, { prompt: chat, sampling: greedy });
    expect(before.text).toBe(chatAlone);
    expect(after.text).toBe(chatAlone);
    expect(chatAlone).toContain("Paris");
    // Without it the same prompt is written by the model alone, to the letter.
    expect((await writeAnswer(engine, { prompt: sources, sampling: greedy })).text).toBe(sourcesAlone);
    expect(sourcesAlone).not.toContain("[2]");
  });

  it("keeps the cache of its own context between questions on the same passages", async () => {
    const again = await writeAnswer(engine, { prompt: sources, sampling: greedy, adapters: ["documents"] });
    const [first] = again.events;
    expect(first).toMatchObject({ type: "prompt" });
    expect(first?.type === "prompt" && first.tokens - first.cachedTokens).toBeLessThanOrEqual(1);
  });

  it("takes part in every answer when it has no name", async () => {
    const always = startEngine();
    await loadInto(always, plan([{ ...documents, name: null }]));
    expect((await writeAnswer(always, { prompt: sources, sampling: greedy })).text).toMatch(/24 months \[2\]\.$/);
    await always.unload();
  });

  it("a name the plan does not have is refused before anything is evaluated", async () => {
    const asked = writeAnswer(engine, { prompt: chat, sampling: greedy, adapters: ["poems"] });
    await expect(asked).rejects.toMatchObject({ code: "ADAPTER_MISMATCH", data: { reason: "not-attached" } });
    expect((await writeAnswer(engine, { prompt: chat, sampling: greedy })).text).toBe(chatAlone);
  });
});
