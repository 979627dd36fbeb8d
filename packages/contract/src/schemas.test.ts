import { isContractProcedure, type AnyContractRouter } from "@orpc/contract";
import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { draftSchema, titleSchema } from "./chat/chat-schemas.ts";
import { engineContract } from "./engine/engine-contract.ts";
import { generateInputSchema, loadPlanSchema } from "./engine/engine-schemas.ts";
import { generationStartSchema, maxMessageBytes, samplingSchema } from "./generation/generation-schemas.ts";
import { contract } from "./index.ts";
import { connectionReadingSchema } from "./system/system-schemas.ts";

const accepts = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success;

interface Found {
  readonly path: string;
  readonly input: unknown;
  readonly output: unknown;
}

function procedures(router: AnyContractRouter, path = ""): Found[] {
  if (isContractProcedure(router)) {
    const { inputSchema, outputSchema } = router["~orpc"];
    return [{ path, input: inputSchema, output: outputSchema }];
  }
  return Object.entries(router).flatMap(([name, inner]) => procedures(inner, path ? `${path}.${name}` : name));
}

const all = [...procedures(contract), ...procedures(engineContract, "engine")];

describe("every procedure", () => {
  test("was found", () => {
    expect(all.map(({ path }) => path)).toEqual(
      expect.arrayContaining(["chat.list", "generation.start", "engine.load"]),
    );
  });

  test.each(all.map((found) => [found.path, found] as const))("%s says what it answers", (_path, { output }) => {
    expect(output).toBeDefined();
  });

  test.each(all.filter(({ input }) => input !== undefined).map((found) => [found.path, found] as const))(
    "%s refuses input of another shape",
    (_path, { input }) => {
      for (const odd of [undefined, null, 5, "text", []])
        expect(accepts(input as z.ZodType, odd), String(odd)).toBe(false);
    },
  );
});

describe("sampling", () => {
  const ranges = {
    temperature: [0, 5],
    topK: [0, 1000],
    minP: [0, 1],
    repeatPenalty: [0, 5],
    repeatLastTokens: [0, 8192],
    seed: [0, 4_294_967_295],
    maxTokens: [1, 1_000_000],
  } as const;

  test.each(Object.entries(ranges))("%s takes its whole range and nothing beyond", (key, [from, to]) => {
    for (const value of [from, to]) expect(accepts(samplingSchema, { [key]: value }), String(value)).toBe(true);
    for (const value of [from - 1, to + 1, Number.NaN, Number.POSITIVE_INFINITY, "1", null]) {
      expect(accepts(samplingSchema, { [key]: value }), String(value)).toBe(false);
    }
  });

  test("top-p is a share above nothing: 0 would leave no token to choose", () => {
    expect([0, -0.1, 0.01, 1, 1.1].map((topP) => accepts(samplingSchema, { topP }))).toEqual([
      false,
      false,
      true,
      true,
      false,
    ]);
  });

  test.each(["topK", "seed", "maxTokens", "repeatLastTokens"])("%s is a whole number", (key) => {
    expect(accepts(samplingSchema, { [key]: 1.5 })).toBe(false);
  });

  test("stop texts are few, not empty and short: an empty one would end every answer at once", () => {
    expect(accepts(samplingSchema, { stop: ["\n\n"] })).toBe(true);
    expect(accepts(samplingSchema, { stop: [""] })).toBe(false);
    expect(accepts(samplingSchema, { stop: ["x".repeat(201)] })).toBe(false);
    expect(accepts(samplingSchema, { stop: Array.from({ length: 17 }, () => "x") })).toBe(false);
  });
});

describe("starting an answer", () => {
  test("fills in what is not said", () => {
    expect(generationStartSchema.parse({ kind: "send", chatId: null, text: "hi" })).toEqual({
      kind: "send",
      chatId: null,
      parentId: null,
      text: "hi",
      modelId: null,
      sampling: {},
    });
  });

  test("is one of three things, each with what it needs", () => {
    expect(accepts(generationStartSchema, { kind: "send", chatId: null })).toBe(false);
    expect(accepts(generationStartSchema, { kind: "regenerate", chatId: "c" })).toBe(false);
    expect(accepts(generationStartSchema, { kind: "continue", messageId: "m" })).toBe(false);
    expect(accepts(generationStartSchema, { kind: "other", chatId: "c", messageId: "m", text: "" })).toBe(false);
  });

  test("a message that is too long is not cut by the schema: the backend answers with the figures", () => {
    expect(accepts(generationStartSchema, { kind: "send", chatId: null, text: "x".repeat(maxMessageBytes + 1) })).toBe(
      true,
    );
  });
});

describe("the engine's input", () => {
  const plan = {
    modelPath: "/m.gguf",
    modelName: "m",
    gpu: "none",
    gpuLayers: 0,
    contextSize: 2048,
    batchSize: 512,
    threads: 2,
  };

  test("a plan without the optional parts loads one slot of the model alone", () => {
    expect(loadPlanSchema.parse(plan)).toMatchObject({
      slots: 1,
      adapters: [],
      draftModelPath: null,
      chatTemplate: null,
    });
  });

  test.each([
    ["gpuLayers", -1],
    ["contextSize", 7],
    ["batchSize", 0],
    ["threads", 0],
    ["slots", 0],
    ["gpu", "auto"],
    ["threads", Number.NaN],
  ])("%s refuses %j", (key, value) => {
    expect(accepts(loadPlanSchema, { ...plan, [key]: value })).toBe(false);
  });

  test("a prompt has a message and known roles only", () => {
    const prompt = (messages: unknown) => ({ prompt: { messages }, sampling: {} });
    expect(accepts(generateInputSchema, prompt([{ role: "user", text: "" }]))).toBe(true);
    expect(accepts(generateInputSchema, prompt([]))).toBe(false);
    expect(accepts(generateInputSchema, prompt([{ role: "tool", text: "" }]))).toBe(false);
  });
});

describe("texts of a chat", () => {
  test("a title is trimmed and neither empty nor endless", () => {
    expect(titleSchema.parse("  a  ")).toBe("a");
    for (const odd of ["", "   ", "x".repeat(201)]) expect(accepts(titleSchema, odd)).toBe(false);
  });

  test("a draft may be a megabyte and no more", () => {
    expect(accepts(draftSchema, "x".repeat(1_048_576))).toBe(true);
    expect(accepts(draftSchema, "x".repeat(1_048_577))).toBe(false);
  });
});

test("the shield cannot be read as known and empty when the system shows nothing", () => {
  expect(accepts(connectionReadingSchema, { known: true, at: 1 })).toBe(false);
  expect(accepts(connectionReadingSchema, { known: false, at: 1 })).toBe(false);
  expect(accepts(connectionReadingSchema, { known: false, at: 1, reason: "unsupported-system" })).toBe(true);
});
