import { z } from "zod";
import { defineErrors } from "../errors/define-errors.ts";

/** Failures of collections and answers from documents. A single file that cannot be read is no error: see `failure` of a document. */
export const knowledgeErrors = defineErrors({
  COLLECTION_NOT_FOUND: { kind: "not-found", data: z.object({ collection: z.string() }) },
  COLLECTION_NAME_TAKEN: { kind: "conflict", data: z.object({ name: z.string() }) },
  DOCUMENT_NOT_FOUND: { kind: "not-found", data: z.object({ documentId: z.string() }) },
  /** The original is not where it was. What was read from it stays. */
  DOCUMENT_MOVED: { kind: "not-found", data: z.object({ document: z.string(), path: z.string() }) },
  /** Another computer added it to a shared collection; its original is there alone. */
  DOCUMENT_ELSEWHERE: { kind: "precondition", data: z.object({ document: z.string() }) },
  /** A path that was to be added cannot be read. */
  DOCUMENT_PATH_UNREADABLE: { kind: "precondition", data: z.object({ path: z.string(), detail: z.string() }) },
  UPLOAD_NOT_FOUND: { kind: "not-found", data: z.object({ uploadId: z.string() }) },
  UPLOAD_INCOMPLETE: {
    kind: "precondition",
    data: z.object({ name: z.string(), expected: z.number(), received: z.number() }),
  },
  /** Words are still found; meaning and other languages are not. */
  EMBEDDING_UNAVAILABLE: { kind: "unavailable", data: z.object({ model: z.string(), detail: z.string() }) },
  /** Nothing in the scope has been read yet. */
  NOTHING_TO_SEARCH: { kind: "precondition", data: z.object({ waiting: z.number().int(), failed: z.number().int() }) },
  KNOWLEDGE_SERVER_NOT_SET: { kind: "precondition", data: z.object({}) },
  KNOWLEDGE_SERVER_UNAVAILABLE: { kind: "external", data: z.object({ host: z.string(), detail: z.string() }) },
  KNOWLEDGE_SERVER_UNFIT: {
    kind: "precondition",
    data: z.object({
      host: z.string(),
      reason: z.enum(["no-pgvector", "newer-schema", "plain-text", "no-tls", "no-certificates", "no-rights"]),
    }),
  },
});
