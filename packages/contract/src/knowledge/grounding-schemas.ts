import { z } from "zod";
import { rangeSchema, spanSchema } from "./place-schemas.ts";

/** What an answer may be looked up in. */
export const scopeSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("chat") }),
  z.object({ kind: z.literal("collections"), ids: z.array(z.string()).min(1).max(100) }),
  z.object({ kind: z.literal("everything") }),
]);
export type Scope = z.infer<typeof scopeSchema>;

/** A passage as it was when the answer was written: it stays readable when the file has gone. */
export const sourceSchema = z.object({
  /** From 1: the number on the chip. */
  n: z.number().int().min(1),
  passageId: z.string(),
  documentId: z.string(),
  /** As `path` of the document. */
  document: z.string(),
  /** First page, or null for formats without pages. */
  page: z.number().int().nullable(),
  text: z.string(),
  spans: z.array(spanSchema),
});
export type Source = z.infer<typeof sourceSchema>;

/**
 * `supported`: the passages say it. `partly`: they say most; what they do not is in `unsupported`. `unsupported`: no
 * passage says it. `plain`: nothing that could be looked up (a greeting, a heading, a question back).
 */
export const statementSchema = rangeSchema.extend({
  support: z.enum(["supported", "partly", "unsupported", "plain"]),
  /** The sentence of the source that carries it: `source` is the number, the range is within the source's text. */
  citations: z.array(rangeSchema.extend({ source: z.number().int().min(1) })),
  /** Numbers, dates and names of the statement that no passage contains; ranges within the answer. */
  missing: z.array(rangeSchema),
});
export type Statement = z.infer<typeof statementSchema>;

/** Which half of the search worked, and why not. */
export const searchModeSchema = z.enum(["on", "no-model", "indexing", "failed", "other-language"]);

export const searchHitSchema = z.object({
  passageId: z.string(),
  documentId: z.string(),
  collectionId: z.string(),
  document: z.string(),
  page: z.number().int().nullable(),
  text: z.string(),
  spans: z.array(spanSchema),
  /** Words of the question within `text`. */
  highlights: z.array(rangeSchema),
  /** Joint score, best first; the parts are null where that half did not see the passage. */
  score: z.number(),
  fullText: z.number().nullable(),
  vector: z.number().nullable(),
});
export type SearchHit = z.infer<typeof searchHitSchema>;

/** Why a passage that was found was not given to the model. */
export const leftOutReasons = ["budget", "weak", "same-text"] as const;

/** What the retrieval inspector shows. */
export const retrievalSchema = z.object({
  question: z.string(),
  /** The question as it was searched, when the conversation changed it. */
  rewritten: z.string().nullable(),
  files: z.number().int(),
  passages: z.number().int(),
  ms: z.number(),
  fullText: searchModeSchema,
  vectors: searchModeSchema,
  /** How well the best sentence answers, and how well it has to before the documents count as saying it. */
  evidence: z.object({ score: z.number(), needed: z.number() }),
  hits: z.array(
    searchHitSchema.omit({ spans: true, highlights: true }).extend({
      /** Number of the source it became; null: see `leftOut`. */
      source: z.number().int().nullable(),
      leftOut: z.enum(leftOutReasons).nullable(),
    }),
  ),
});
export type Retrieval = z.infer<typeof retrievalSchema>;

/**
 * What stands behind an answer from documents. `extract`: the model could not be trusted with it, the passages themselves
 * are the answer. `not-in-documents`: decided by the check of the statements, not by the model alone.
 */
export const groundingSchema = z.object({
  scope: scopeSchema,
  verdict: z.enum(["answered", "extract", "not-in-documents"]),
  sources: z.array(sourceSchema),
  statements: z.array(statementSchema),
  retrieval: retrievalSchema,
});
export type Grounding = z.infer<typeof groundingSchema>;
