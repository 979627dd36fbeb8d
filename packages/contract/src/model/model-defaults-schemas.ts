import { z } from "zod";
import { errorDataSchema } from "../errors/error-schema.ts";
import { samplingSchema } from "../generation/generation-schemas.ts";
import { kvTypes } from "../hardware/fit-schemas.ts";

/** What a person fixed for one model. Null or absent = what its manifest says, else the settings for all models. */
export const modelDefaultsSchema = z.object({
  /** Tokens. */
  contextSize: z.number().int().min(256).max(4_194_304).nullable().default(null),
  kvType: z.enum(kvTypes).nullable().default(null),
  gpuLayers: z.number().int().min(0).max(1000).nullable().default(null),
  /** Minutes it may be idle; 0 = it stays. */
  keepWarmMinutes: z.number().int().min(0).max(10_080).nullable().default(null),
  /** Goes first in every chat. */
  systemPrompt: z.string().max(20_000).nullable().default(null),
  sampling: samplingSchema.omit({ stop: true }).default({}),
});
export type ModelDefaults = z.infer<typeof modelDefaultsSchema>;

export const modelDefaultsViewSchema = z.object({
  modelId: z.string(),
  values: modelDefaultsSchema,
  /** What applies where a value is not set; null = decided at the load, or by the engine. */
  inherited: modelDefaultsSchema,
  /** Ends of what can be asked for. Tokens. */
  maxContextSize: z.number().int(),
  /** A limit for the reasoning means something. */
  reasons: z.boolean(),
});
export type ModelDefaultsView = z.infer<typeof modelDefaultsViewSchema>;

export const attachmentKinds = ["adapter", "draft"] as const;

/** A LoRA adapter or a draft model that is loaded with a model. */
export const attachmentSchema = z.object({
  id: z.string(),
  kind: z.enum(attachmentKinds),
  name: z.string(),
  /** Absolute. */
  path: z.string(),
  sizeBytes: z.number(),
  scale: z.number(),
  /** Answers of this kind only; null = all. */
  purpose: z.string().nullable(),
  /** Came with the model: cannot be taken off. */
  builtIn: z.boolean(),
  /** Why it cannot be used; null when it can. */
  problem: errorDataSchema.nullable(),
});
export type Attachment = z.infer<typeof attachmentSchema>;

/** `source`: an installed model's id, or the absolute path of a file. */
export const attachInputSchema = z.object({
  modelId: z.string(),
  kind: z.enum(attachmentKinds),
  source: z.string().min(1).max(4096),
  /** Of an adapter: 1 = as it was trained. */
  scale: z.number().min(-10).max(10).default(1),
});
export type AttachInput = z.input<typeof attachInputSchema>;
