import { eventIterator, oc } from "@orpc/contract";
import { z } from "zod";
import {
  embedInputSchema,
  embeddingsSchema,
  engineHealthSchema,
  engineMemorySchema,
  estimateSchema,
  generateEventSchema,
  generateInputSchema,
  loadEventSchema,
  loadPlanSchema,
  measuredSpeedSchema,
  measureInputSchema,
  promptSchema,
  rerankInputSchema,
} from "./engine-schemas.ts";

/**
 * What an engine process answers. One process holds one model. Aborting a call's signal (or leaving its iterator)
 * stops the work within one batch. What an engine cannot do yet ends in UNSUPPORTED, never in a pretended result.
 */
export const engineContract = {
  load: oc.input(loadPlanSchema).output(eventIterator(loadEventSchema)),
  generate: oc.input(generateInputSchema).output(eventIterator(generateEventSchema)),
  /** Token ids. `special`: control tokens written in the text become control tokens. */
  tokenize: oc
    .input(z.object({ text: z.string(), special: z.boolean().default(false) }))
    .output(z.object({ tokens: z.array(z.number().int()) })),
  /** Renders the chat template and counts; the same code path as `generate`, so the counts are equal. */
  countPrompt: oc.input(promptSchema).output(z.object({ tokens: z.number().int() })),
  /** Tokens of each text, without special ones: many texts in one call. */
  countTokens: oc
    .input(z.object({ texts: z.array(z.string()).max(65_536) }))
    .output(z.object({ tokens: z.array(z.number().int()) })),
  /** For a model loaded for embedding. Prefixes belong to the caller. Cancelled between two texts. WRONG_ROLE. */
  embed: oc.input(embedInputSchema).output(embeddingsSchema),
  /** For a model loaded for reranking: how likely each passage answers the query, 0 to 1. WRONG_ROLE. */
  rerank: oc.input(rerankInputSchema).output(z.object({ scores: z.array(z.number()) })),
  estimate: oc.input(loadPlanSchema).output(estimateSchema),
  /** Speed with made-up tokens; what the slot had evaluated is gone afterwards. */
  measure: oc.input(measureInputSchema).output(measuredSpeedSchema),
  saveState: oc.input(z.object({ path: z.string() })).output(z.object({ bytes: z.number() })),
  restoreState: oc.input(z.object({ path: z.string() })).output(z.object({ tokens: z.number().int() })),
  unload: oc.output(z.void()),
  health: oc.output(engineHealthSchema),
  memory: oc.output(engineMemorySchema),
};
export type EngineContract = typeof engineContract;
