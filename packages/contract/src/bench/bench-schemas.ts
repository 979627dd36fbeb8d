import { z } from "zod";
import { errorDataSchema } from "../errors/error-schema.ts";
import { fitPlanSchema, memoryUseSchema, predictionSchema } from "../hardware/fit-schemas.ts";

/** pp512, tg128 and what they took. Speeds in tokens a second, null where a plan has no room for the measurement. */
export const benchMeasurementSchema = memoryUseSchema.extend({
  tokensPerSecond: z.number().nullable(),
  promptTokensPerSecond: z.number().nullable(),
  firstTokenMs: z.number(),
});

export const benchRunSchema = z.object({
  plan: fitPlanSchema,
  predicted: predictionSchema,
  measured: benchMeasurementSchema,
});
export type BenchRun = z.infer<typeof benchRunSchema>;

/** Decode speed by number of threads, alone and beside as many busy threads as there are processors. */
export const threadSpeedSchema = z.object({
  threads: z.number().int(),
  idleTokensPerSecond: z.number(),
  busyTokensPerSecond: z.number(),
});
export type ThreadSpeed = z.infer<typeof threadSpeedSchema>;

export const benchReportSchema = z.object({
  model: z.string(),
  quantization: z.string().nullable(),
  at: z.number(),
  runs: z.array(benchRunSchema),
  threads: z.array(threadSpeedSchema),
  /** What loads on the processor will use from now on; null when nothing was measured. */
  chosenThreads: z.number().int().nullable(),
});
export type BenchReport = z.infer<typeof benchReportSchema>;

export const benchEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("progress"), done: z.number().int(), total: z.number().int(), report: benchReportSchema }),
  z.object({ type: z.literal("done"), report: benchReportSchema }),
  z.object({ type: z.literal("cancelled") }),
  z.object({ type: z.literal("failed"), error: errorDataSchema }),
]);
export type BenchEvent = z.infer<typeof benchEventSchema>;
