import { z } from "zod";
import { samplingSchema } from "../generation/generation-schemas.ts";
import { deviceMemorySchema, kvTypes } from "../hardware/fit-schemas.ts";
import { gpuApis } from "../hardware/hardware-schemas.ts";

/** How reasoning is marked in a model's output. `opened`: the prompt itself already ends inside the reasoning. */
export const reasoningMarksSchema = z.object({ open: z.string().min(1), close: z.string().min(1) });

/** What a process does with its model: it answers only the calls that belong to it. */
export const enginePurposes = ["chat", "embedding", "reranking"] as const;

/** Everything the engine needs to know to load: computed before, compared with what was measured after. */
export const loadPlanSchema = z.object({
  modelPath: z.string(),
  modelName: z.string(),
  purpose: z.enum(enginePurposes).default("chat"),
  /** Without a name: part of every answer. With one: only of answers that ask for it, in a context of their own. */
  adapters: z
    .array(z.object({ path: z.string(), scale: z.number(), name: z.string().nullable().default(null) }))
    .default([]),
  /** A small model of the same vocabulary that proposes tokens ahead; null = none. */
  draftModelPath: z.string().nullable().default(null),
  gpu: z.enum(gpuApis),
  gpuLayers: z.number().int().min(0),
  /** Predicted video memory: the load is refused when less is free. */
  gpuBytes: z.number().min(0).default(0),
  /** Tokens. */
  contextSize: z.number().int().min(8),
  batchSize: z.number().int().min(1),
  threads: z.number().int().min(1),
  slots: z.number().int().min(1).default(1),
  kvType: z.enum(kvTypes).default("f16"),
  /** True: wherever the model and the device allow it. */
  flashAttention: z.boolean().default(true),
  /** Mixture-of-experts tensors stay in RAM whatever `gpuLayers` says. */
  expertsInRam: z.boolean().default(false),
  /** Jinja source; null = the template inside the file. */
  chatTemplate: z.string().nullable().default(null),
  reasoning: reasoningMarksSchema.nullable().default(null),
});
export type LoadPlan = z.infer<typeof loadPlanSchema>;
export type LoadPlanInput = z.input<typeof loadPlanSchema>;

export const loadedSchema = z.object({
  contextSize: z.number().int(),
  trainedContextSize: z.number().int(),
  threads: z.number().int(),
  gpu: z.enum(gpuApis),
  gpuLayers: z.number().int(),
  devices: z.array(z.string()),
  architecture: z.string(),
  loadMs: z.number(),
  reasoning: reasoningMarksSchema.nullable(),
  /** As llama.cpp reported its buffers while it loaded; RAM first. */
  buffers: z.array(deviceMemorySchema),
});
export type Loaded = z.infer<typeof loadedSchema>;

export const loadEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("progress"), fraction: z.number() }),
  z.object({ type: z.literal("loaded"), loaded: loadedSchema }),
]);
export type LoadEvent = z.infer<typeof loadEventSchema>;

export const promptMessageSchema = z.object({
  role: z.enum(["system", "user", "assistant"]),
  text: z.string(),
});
export type PromptMessage = z.infer<typeof promptMessageSchema>;

export const promptSchema = z.object({
  messages: z.array(promptMessageSchema).min(1),
  /** Start of the answer that is already there: the model goes on from it. Reasoning is re-opened if it was open. */
  prefill: z.object({ text: z.string(), reasoning: z.string() }).nullable().default(null),
});
export type Prompt = z.infer<typeof promptSchema>;

/** `adapters`: names of the plan's adapters that answer along; the unnamed ones always do. */
export const generateInputSchema = z.object({
  prompt: promptSchema,
  sampling: samplingSchema,
  adapters: z.array(z.string()).max(8).default([]),
});
export type GenerateInput = z.infer<typeof generateInputSchema>;

export const finishReasons = ["end", "length", "context", "stop-text"] as const;

/** `prompt` comes before the first token and while a long prompt is read; `text` about every 30 ms; one `finish`. */
export const generateEventSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("prompt"),
    tokens: z.number().int(),
    cachedTokens: z.number().int(),
    evaluated: z.number().int(),
  }),
  z.object({
    type: z.literal("text"),
    text: z.string(),
    reasoning: z.string(),
    /** Tokens since the start, answer and reasoning together. */
    outputTokens: z.number().int(),
    reasoningTokens: z.number().int(),
    /** Milliseconds from the first token to the last one of the reasoning; null without reasoning. */
    reasoningMs: z.number().nullable(),
  }),
  z.object({
    type: z.literal("finish"),
    reason: z.enum(finishReasons),
    outputTokens: z.number().int(),
    reasoningTokens: z.number().int(),
    /** Milliseconds from the call to the first token, and spent in decoding after it. */
    firstTokenMs: z.number().nullable(),
    decodeMs: z.number(),
    contextUsed: z.number().int(),
    /** Tokens a draft model proposed and how many of them the model agreed with; absent where none took part. */
    draft: z.object({ proposed: z.number().int(), accepted: z.number().int() }).optional(),
  }),
]);
export type GenerateEvent = z.infer<typeof generateEventSchema>;

/** `threads: null` measures the context that answers; a number, one of its own with that many. */
export const measureInputSchema = z.object({
  promptTokens: z.number().int().min(0).max(1_000_000),
  outputTokens: z.number().int().min(1).max(100_000),
  threads: z.number().int().min(1).max(512).nullable().default(null),
});
export type MeasureInput = z.infer<typeof measureInputSchema>;

export const measuredSpeedSchema = z.object({
  promptTokensPerSecond: z.number().nullable(),
  tokensPerSecond: z.number().nullable(),
  firstTokenMs: z.number(),
});
export type MeasuredSpeed = z.infer<typeof measuredSpeedSchema>;

/** A text of white space alone has no meaning that a vector could carry. */
const meaningfulText = z.string().regex(/\S/);

export const embedInputSchema = z.object({ texts: z.array(meaningfulText).min(1).max(4096) });

/** Vectors of length 1, one after the other. A text above the model's limit is cut at its end. */
export const embeddingsSchema = z.object({
  /** Base64 of `texts × dimensions` little-endian 32-bit floats: a fifth of the bytes of decimal numbers. */
  vectors: z.base64(),
  dimensions: z.number().int(),
  /** Of each text as it was read: after the cut, special tokens included. */
  tokens: z.array(z.number().int()),
  /** How many texts were cut. */
  truncated: z.number().int(),
});
export type Embeddings = z.infer<typeof embeddingsSchema>;

export const rerankInputSchema = z.object({ query: meaningfulText, passages: z.array(z.string()).max(4096) });

export const engineHealthSchema = z.object({
  pid: z.number().int(),
  loaded: z.boolean(),
  busy: z.boolean(),
  libraryVersion: z.string(),
});

/**
 * What a plan would take, from llama.cpp's own simulation: nothing is loaded. It tells RAM from the GPUs together, and
 * weights from the rest (cache, compute and output buffers). Bytes. `exact: false` = the simulation failed and the
 * library's rougher formula answered.
 */
export const estimateSchema = z.object({
  ram: z.object({ weightsBytes: z.number(), contextBytes: z.number() }),
  gpu: z.object({ weightsBytes: z.number(), contextBytes: z.number() }),
  exact: z.boolean(),
});
export type Estimate = z.infer<typeof estimateSchema>;

/** Bytes of this process. Null where the system does not tell anonymous and file-backed memory apart. */
export const engineMemorySchema = z.object({
  residentBytes: z.number(),
  anonymousBytes: z.number().nullable(),
  fileBytes: z.number().nullable(),
  /** Highest resident set since the start. */
  peakBytes: z.number().nullable(),
  /** RAM of contexts and adapters that were made after the load, for answers that asked for them. */
  onRequestBytes: z.number().default(0),
});
