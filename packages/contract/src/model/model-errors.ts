import { z } from "zod";
import { defineErrors } from "../errors/define-errors.ts";

/** What is wrong with a GGUF header. Order of checks: container, counts, metadata, tensors, size. */
export const ggufProblems = [
  "not-gguf",
  "other-byte-order",
  "unsupported-version",
  "header-too-large",
  "count-out-of-range",
  "string-out-of-range",
  "bad-text",
  "unknown-value-type",
  "nested-array",
  "duplicate-key",
  "missing-key",
  "bad-value",
  "unknown-tensor-type",
  "bad-dimensions",
  "bad-alignment",
  "bad-offset",
  "truncated",
  "split-file",
] as const;

export const modelErrors = defineErrors({
  /** `nearest`: ids of models that exist and look alike. */
  MODEL_NOT_FOUND: { kind: "not-found", data: z.object({ model: z.string(), nearest: z.array(z.string()) }) },
  MODEL_FILE_MISSING: { kind: "not-found", data: z.object({ model: z.string(), path: z.string() }) },
  MODEL_NOT_READABLE: { kind: "precondition", data: z.object({ path: z.string(), detail: z.string() }) },
  MANIFEST_INVALID: { kind: "precondition", data: z.object({ path: z.string(), issues: z.array(z.string()) }) },
  HASH_MISMATCH: {
    kind: "precondition",
    data: z.object({ path: z.string(), expected: z.string(), actual: z.string() }),
  },
  /** The header does not describe a usable model. `at` is the byte offset where reading stopped. */
  GGUF_INVALID: {
    kind: "precondition",
    data: z.object({ path: z.string(), problem: z.enum(ggufProblems), at: z.number(), detail: z.string() }),
  },
  /** The file ends before its tensors do. */
  GGUF_TRUNCATED: {
    kind: "precondition",
    data: z.object({ path: z.string(), expectedBytes: z.number(), actualBytes: z.number() }),
  },
  /** A well-formed file for something Deskside cannot run. */
  GGUF_UNSUPPORTED: { kind: "unsupported", data: z.object({ path: z.string(), architecture: z.string() }) },
  WRONG_ROLE: { kind: "precondition", data: z.object({ model: z.string(), role: z.string(), needed: z.string() }) },
});
