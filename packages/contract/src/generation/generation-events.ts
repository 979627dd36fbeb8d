import { z } from "zod";
import { messageSchema, messageStatsSchema } from "../chat/chat-schemas.ts";

export const generationPhases = [
  "queued",
  "searching",
  "loading",
  "reading",
  "reasoning",
  "answering",
  "checking",
] as const;

/**
 * What a watcher sees: one `snapshot` (again one if the watcher was too slow), `delta`s about every 30 ms,
 * then exactly one of `done | cancelled | failed`, which carries the message as it was stored.
 */
export const generationEventSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("snapshot"),
    seq: z.number().int(),
    phase: z.enum(generationPhases),
    message: messageSchema,
    /** Fraction 0–1 of the load (phase "loading") or of the prompt (phase "reading"). */
    progress: z.number().nullable(),
    stats: messageStatsSchema,
  }),
  z.object({
    type: z.literal("delta"),
    seq: z.number().int(),
    phase: z.enum(generationPhases),
    text: z.string(),
    reasoning: z.string(),
    progress: z.number().nullable(),
    stats: messageStatsSchema,
  }),
  z.object({ type: z.literal("done"), message: messageSchema }),
  z.object({ type: z.literal("cancelled"), message: messageSchema }),
  z.object({ type: z.literal("failed"), message: messageSchema }),
]);
export type GenerationEvent = z.infer<typeof generationEventSchema>;
