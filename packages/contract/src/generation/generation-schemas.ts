import { z } from "zod";
import { scopeSchema } from "../knowledge/grounding-schemas.ts";

/** Longest message a person may send, in UTF-8 bytes. */
export const maxMessageBytes = 1_048_576;

/** Null or absent = the default of the model's manifest. Ranges are those the engine accepts. */
export const samplingSchema = z.object({
  temperature: z.number().min(0).max(5).optional(),
  topP: z.number().gt(0).max(1).optional(),
  topK: z.number().int().min(0).max(1000).optional(),
  minP: z.number().min(0).max(1).optional(),
  repeatPenalty: z.number().min(0).max(5).optional(),
  /** How many of the last tokens the repeat penalty looks at. */
  repeatLastTokens: z.number().int().min(0).max(8192).optional(),
  seed: z.number().int().min(0).max(4_294_967_295).optional(),
  stop: z.array(z.string().min(1).max(200)).max(16).optional(),
  /** Longest answer, in tokens. */
  maxTokens: z.number().int().min(1).max(1_000_000).optional(),
  /** Longest reasoning, in tokens: then it is closed and the answer begins. Only where a model marks its reasoning. */
  maxReasoningTokens: z.number().int().min(0).max(1_000_000).optional(),
});
export type Sampling = z.infer<typeof samplingSchema>;

/** How answers of one chat are written: what goes first in every prompt, and what is drawn from. */
export const steeringSchema = z.object({
  /** Instead of what the model brings along; null = that. */
  instructions: z.string().max(20_000).nullable().default(null),
  /** Absent = the default of the model. */
  sampling: samplingSchema.default({}),
});
export type Steering = z.infer<typeof steeringSchema>;

/** Exactly one of: a new user turn, a turn in other words, another answer to a turn, the rest of an unfinished answer. */
export const generationStartSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("send"),
    /** Null starts a new chat. */
    chatId: z.string().nullable(),
    /** The message this turn answers to; null = at the end of the shown branch. */
    parentId: z.string().nullable().default(null),
    text: z.string(),
    modelId: z.string().nullable().default(null),
    sampling: samplingSchema.default({}),
    /** Documents the answer is looked up in; null = the model answers by itself. Kept for "regenerate". */
    scope: scopeSchema.nullish(),
    /** Of the chat that is made; a chat that is there has its own. */
    steering: steeringSchema.nullish(),
  }),
  z.object({
    /** A new branch beside the turn it changes, looked up in the same documents. */
    kind: z.literal("edit"),
    chatId: z.string(),
    messageId: z.string(),
    text: z.string(),
    modelId: z.string().nullable().default(null),
    sampling: samplingSchema.default({}),
  }),
  z.object({
    kind: z.literal("regenerate"),
    chatId: z.string(),
    messageId: z.string(),
    modelId: z.string().nullable().default(null),
    sampling: samplingSchema.default({}),
  }),
  z.object({
    kind: z.literal("continue"),
    chatId: z.string(),
    messageId: z.string(),
    sampling: samplingSchema.default({}),
  }),
]);
export type GenerationStart = z.infer<typeof generationStartSchema>;

export const generationStartedSchema = z.object({
  generationId: z.string(),
  chatId: z.string(),
  userMessageId: z.string().nullable(),
  messageId: z.string(),
});
export type GenerationStarted = z.infer<typeof generationStartedSchema>;

/** Where the tokens of the next prompt would go. `used` equals the engine's own count. */
export const promptCountSchema = z.object({
  modelId: z.string(),
  used: z.number().int(),
  contextSize: z.number().int(),
  /** Kept free for the answer. */
  room: z.number().int(),
});
export type PromptCount = z.infer<typeof promptCountSchema>;
