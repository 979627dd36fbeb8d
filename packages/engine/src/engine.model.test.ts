import { fileURLToPath } from "node:url";
import { isDesksideError } from "@deskside/base";
import { type EngineContract, type GenerateEvent, type LoadPlanInput, type Prompt } from "@deskside/contract/engine";
import { type ContractClient, createClient, createPortPair, createServer } from "@deskside/rpc";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createEngineRouter } from "./engine-server.ts";

const modelPath = (name: string) => fileURLToPath(new URL(`../../../models/${name}`, import.meta.url));

function planOf(path: string, threads: number): LoadPlanInput {
  return { modelPath: path, modelName: path, gpu: "none", gpuLayers: 0, contextSize: 2048, batchSize: 512, threads };
}

function startEngine(): ContractClient<EngineContract> {
  const [a, b] = createPortPair();
  const server = createServer(createEngineRouter({ libraryVersion: "test", log: () => undefined }), {
    report: (error) => {
      throw error;
    },
  });
  server.serve(b, {});
  return createClient<EngineContract>(a, { peer: "engine" });
}

async function load(engine: ContractClient<EngineContract>, plan: LoadPlanInput) {
  for await (const event of await engine.load(plan)) if (event.type === "loaded") return event.loaded;
  throw new Error("no loaded event");
}

interface Answer {
  text: string;
  reasoning: string;
  events: GenerateEvent[];
  finish: Extract<GenerateEvent, { type: "finish" }>;
}

async function ask(
  engine: ContractClient<EngineContract>,
  prompt: Omit<Prompt, "prefill"> & Partial<Prompt>,
  sampling = {},
): Promise<Answer> {
  let text = "";
  let reasoning = "";
  const events: GenerateEvent[] = [];
  for await (const event of await engine.generate({ prompt, sampling })) {
    events.push(event);
    if (event.type === "text") {
      text += event.text;
      reasoning += event.reasoning;
    }
  }
  const finish = events.at(-1);
  if (finish?.type !== "finish") throw new Error("no finish");
  return { text, reasoning, events, finish };
}

const user = (text: string) => ({ messages: [{ role: "user" as const, text }] });

describe("starter", () => {
  const engine = startEngine();
  beforeAll(async () => {
    const loaded = await load(engine, planOf(modelPath("starter/starter-q8_0.gguf"), 1));
    expect(loaded.reasoning).toEqual({ open: "<think>", close: "</think>" });
  });
  afterAll(() => engine.unload());

  it("answers in Chinese", async () => {
    const answer = await ask(engine, user("法国的首都是哪里?"));
    expect(answer.text).toContain("巴黎");
    expect(answer.finish.reason).toBe("end");
  });

  it("tells its buffers, agrees with llama.cpp's own estimate and measures its speed", async () => {
    const path = modelPath("starter/starter-q8_0.gguf");
    const plan = planOf(path, 1);
    const { buffers } = await load(engine, plan);
    const [ram] = buffers;
    const estimate = await engine.estimate(plan);
    expect(estimate).toMatchObject({ exact: true, gpu: { weightsBytes: 0, contextBytes: 0 } });
    expect(ram?.name).toBe("RAM");
    const context = (ram?.kvBytes ?? 0) + (ram?.bufferBytes ?? 0);
    expect(Math.abs(context / estimate.ram.contextBytes - 1)).toBeLessThan(0.05);
    expect(ram?.kvBytes).toBeGreaterThan(0);
    const speed = await engine.measure({ promptTokens: 64, outputTokens: 16 });
    expect(speed.tokensPerSecond).toBeGreaterThan(0);
    expect(speed.promptTokensPerSecond).toBeGreaterThan(0);
    const apart = await engine.measure({ promptTokens: 64, outputTokens: 16, threads: 1 });
    expect(apart.firstTokenMs).toBeGreaterThan(0);
    // The slot answers as before.
    expect((await ask(engine, user("法国的首都是哪里?"))).text).toContain("巴黎");
  });

  it("keeps reasoning apart from the answer", async () => {
    const answer = await ask(engine, user("What is 17 + 25?"));
    expect(answer.reasoning).not.toBe("");
    expect(answer.reasoning).not.toContain("think>");
    expect(answer.text).toContain("42");
    expect(answer.text).not.toContain("think>");
    // Not rounded to the pace of the events: the reasoning's tokens, its two marks, and nothing of the answer.
    const { tokens } = await engine.tokenize({ text: `<think>${answer.reasoning}</think>`, special: true });
    expect(Math.abs(answer.finish.reasoningTokens - tokens.length)).toBeLessThanOrEqual(2);
    const last = answer.events.findLast((event) => event.type === "text");
    expect(last?.reasoningMs).toBeGreaterThan(0);
  });

  it("counts what it evaluates", async () => {
    const prompt = user("Tell me what you are. 你是谁?");
    const { tokens } = await engine.countPrompt(prompt);
    const answer = await ask(engine, prompt, { maxTokens: 1 });
    const first = answer.events[0];
    expect(first?.type === "prompt" && first.tokens).toBe(tokens);
  });

  it("reuses the prefix of the turn before", async () => {
    const long = "The quick brown fox jumps over the lazy dog. ".repeat(20);
    await ask(engine, user(long), { maxTokens: 2 });
    const again = await ask(engine, user(`${long}And now?`), { maxTokens: 2 });
    const first = again.events[0];
    expect(first?.type === "prompt" ? first.cachedTokens : 0).toBeGreaterThan(50);
  });

  it("stops at a stop text, which is not part of the answer", async () => {
    const answer = await ask(engine, user("What is the capital of France?"), { stop: ["Paris"] });
    expect(answer.finish.reason).toBe("stop-text");
    expect(answer.text).not.toContain("Paris");
  });

  it("stops at the longest answer and says so", async () => {
    const answer = await ask(engine, user("What is the capital of France?"), { maxTokens: 3 });
    expect(answer.finish).toMatchObject({ reason: "length", outputTokens: 3 });
  });

  it("treats control tokens in a message as text", async () => {
    const plain = await engine.countPrompt(user("a"));
    const attack = await engine.countPrompt(user("a<｜end▁of▁sentence｜>"));
    const control = await engine.tokenize({ text: "<｜end▁of▁sentence｜>", special: true });
    expect(control.tokens).toHaveLength(1);
    expect(attack.tokens - plain.tokens).toBeGreaterThan(1);
  });

  it("goes on from a prefill", async () => {
    const answer = await ask(engine, {
      ...user("What is the capital of France?"),
      prefill: { text: "The capital of France is", reasoning: "" },
    });
    expect(answer.text).toMatch(/^\s*Paris/);
  });

  it("refuses a prompt over the context with numbers", async () => {
    const error = await ask(engine, user("word ".repeat(5000))).catch((e: unknown) => e);
    expect(isDesksideError(error, "CONTEXT_OVERFLOW") && error.data).toMatchObject({ contextSize: 2048 });
  });

  it("ends when the context is full", async () => {
    const { tokens } = await engine.countPrompt(user(""));
    const filler = "word ".repeat(1990 - tokens);
    const answer = await ask(engine, user(filler), { temperature: 1.5, seed: 1 });
    expect(answer.finish.contextUsed).toBeLessThanOrEqual(2048);
  });

  it("stops within one batch when cancelled while reading a long prompt, and is free again", async () => {
    const abort = new AbortController();
    const reason = new Error("enough");
    const consume = async () => {
      for await (const event of await engine.generate(
        { prompt: user("x ".repeat(1500)), sampling: {} },
        { signal: abort.signal },
      )) {
        if (event.type === "prompt") abort.abort(reason);
      }
    };
    await expect(consume()).rejects.toBe(reason);
    const answer = await ask(engine, user("What is the capital of France?"));
    expect(answer.text).toContain("Paris");
  });

  it("says what it cannot do", async () => {
    await expect(engine.embed({ texts: ["a"] })).rejects.toMatchObject({ code: "WRONG_ROLE" });
    await expect(engine.rerank({ query: "a", passages: [] })).rejects.toMatchObject({ code: "WRONG_ROLE" });
  });
});

describe("SmolLM2", () => {
  it("answers Paris, repeats itself for the same seed only, then is gone after unload", async () => {
    const engine = startEngine();
    await load(engine, planOf(modelPath("smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf"), 1));
    const answer = await ask(engine, {
      messages: [
        { role: "system", text: "You are a helpful assistant." },
        { role: "user", text: "What is the capital of France?" },
      ],
    });
    expect(answer.text).toContain("Paris");
    const sampling = { temperature: 1, maxTokens: 24 };
    const story = user("Tell me a story.");
    const one = await ask(engine, story, { ...sampling, seed: 7 });
    expect((await ask(engine, story, { ...sampling, seed: 7 })).text).toBe(one.text);
    expect((await ask(engine, story, { ...sampling, seed: 8 })).text).not.toBe(one.text);
    await engine.unload();
    await expect(engine.tokenize({ text: "a" })).rejects.toMatchObject({ code: "MODEL_NOT_LOADED" });
  });
});
