import { z } from "zod";
import { defineErrors } from "../errors/define-errors.ts";
import { loadCauses } from "../hardware/fit-schemas.ts";

const adapterMismatches = [
  "not-an-adapter",
  "not-lora",
  "other-architecture",
  "unknown-tensor",
  "other-shape",
  "file-changed",
  "not-attached",
] as const;
const draftMismatches = [
  "not-a-chat-model",
  "same-model",
  "other-tokenizer",
  "other-vocabulary-size",
  "other-special-token",
  "other-token",
] as const;

export const engineErrors = defineErrors({
  /** The process ended. `keptTokens` counts what was already saved of the running answer. */
  ENGINE_CRASHED: {
    kind: "unavailable",
    data: z.object({ exitCode: z.number().nullable(), signal: z.string().nullable(), keptTokens: z.number() }),
  },
  /** No heartbeat for `ms` milliseconds; the process was replaced. */
  ENGINE_STALLED: { kind: "unavailable", data: z.object({ ms: z.number(), keptTokens: z.number() }) },
  /** Three failures in a row: no further try until somebody asks. */
  ENGINE_GAVE_UP: { kind: "unavailable", data: z.object({ failures: z.number(), model: z.string() }) },
  ENGINE_START_FAILED: { kind: "unavailable", data: z.object({ detail: z.string() }) },
  MODEL_NOT_LOADED: { kind: "precondition", data: z.object({}) },
  /** No plan worked. `detail` is what llama.cpp said, for the log and "Copy details". */
  MODEL_LOAD_FAILED: {
    kind: "external",
    data: z.object({ model: z.string(), cause: z.enum(loadCauses), detail: z.string() }),
  },
  /** `cause`: RAM, video memory or a context that is too large for either. */
  OUT_OF_MEMORY: {
    kind: "exhausted",
    data: z.object({ neededBytes: z.number(), freeBytes: z.number(), cause: z.enum(loadCauses).default("out-of-ram") }),
  },
  /** `reason` is the first thing that does not fit; `detail` names the tensor or value. */
  ADAPTER_MISMATCH: {
    kind: "precondition",
    data: z.object({
      adapter: z.string(),
      base: z.string(),
      reason: z.enum(adapterMismatches),
      detail: z.string(),
    }),
  },
  /** A draft model has to share the vocabulary of the model it drafts for. */
  DRAFT_MISMATCH: {
    kind: "precondition",
    data: z.object({ draft: z.string(), base: z.string(), reason: z.enum(draftMismatches), detail: z.string() }),
  },
  TEMPLATE_FAILED: {
    kind: "precondition",
    data: z.object({ reason: z.enum(["time", "memory", "output", "syntax", "raised", "content"]), detail: z.string() }),
  },
  GENERATION_FAILED: { kind: "external", data: z.object({ detail: z.string() }) },
});
