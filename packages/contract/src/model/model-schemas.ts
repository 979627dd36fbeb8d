import { z } from "zod";
import { errorDataSchema } from "../errors/error-schema.ts";
import {
  fitPlanSchema,
  loadNoticeSchema,
  memoryUseSchema,
  predictionSchema,
  whyCpuReasons,
} from "../hardware/fit-schemas.ts";

export const installedModelSchema = z.object({
  id: z.string(),
  name: z.string(),
  quantization: z.string().nullable(),
  role: z.enum(["chat", "adapter", "embedding"]),
  fileName: z.string(),
  sizeBytes: z.number(),
  /** BCP 47 base tags the model was made for. */
  languages: z.array(z.string()),
  licence: z.string(),
  contextSize: z.number().int(),
  builtIn: z.boolean(),
  /** Small enough that the interface has to say so. */
  small: z.boolean(),
  /** Why it cannot be used; null when it can. */
  problem: errorDataSchema.nullable(),
});
export type InstalledModel = z.infer<typeof installedModelSchema>;

export const enginePhases = ["off", "starting", "loading", "ready", "answering", "restarting", "gave-up"] as const;

/** One engine process, as the machine strip shows it. Bytes and counts; null = not known. */
export const engineStateSchema = z.object({
  engineId: z.string(),
  phase: z.enum(enginePhases),
  model: z
    .object({ id: z.string(), name: z.string(), quantization: z.string().nullable(), small: z.boolean() })
    .nullable(),
  /** Fraction 0–1 while loading. */
  progress: z.number().nullable(),
  contextSize: z.number().int().nullable(),
  contextUsed: z.number().int().nullable(),
  threads: z.number().int().nullable(),
  gpu: z.string().nullable(),
  gpuLayers: z.number().int().nullable(),
  loadMs: z.number().nullable(),
  tokensPerSecond: z.number().nullable(),
  failures: z.number().int(),
  error: errorDataSchema.nullable(),
  /** How it is loaded, or will be; null before the first plan. */
  plan: fitPlanSchema.nullable(),
  predicted: predictionSchema.nullable(),
  /** After the load, and again after the first answer. */
  measured: memoryUseSchema.nullable(),
  /** Plans that failed before the one in use. */
  notices: z.array(loadNoticeSchema),
  /** Why the processor does the work; null when a GPU does. */
  whyCpu: z.enum(whyCpuReasons).nullable(),
});
export type EngineState = z.infer<typeof engineStateSchema>;
