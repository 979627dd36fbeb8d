import { z } from "zod";
import { defineErrors } from "../errors/define-errors.ts";

export const generationErrors = defineErrors({
  GENERATION_NOT_FOUND: { kind: "not-found", data: z.object({ generationId: z.string() }) },
  /** One answer at a time in a chat. */
  GENERATION_RUNNING: { kind: "conflict", data: z.object({ chatId: z.string(), generationId: z.string() }) },
  /** Counts are tokens; `room` is what is kept free for the answer. */
  CONTEXT_OVERFLOW: {
    kind: "precondition",
    data: z.object({ promptTokens: z.number(), contextSize: z.number(), room: z.number() }),
  },
  MESSAGE_TOO_LARGE: { kind: "invalid-input", data: z.object({ bytes: z.number(), limit: z.number() }) },
  MESSAGE_EMPTY: { kind: "invalid-input", data: z.object({}) },
  /** The message is not an unfinished answer (stopped, failed, at its longest length) at the end of its branch. */
  NOT_CONTINUABLE: { kind: "precondition", data: z.object({ messageId: z.string() }) },
});
