import { eventIterator, oc } from "@orpc/contract";
import { z } from "zod";
import { generationEventSchema } from "./generation-events.ts";
import {
  generationStartSchema,
  generationStartedSchema,
  promptCountSchema,
  steeringSchema,
} from "./generation-schemas.ts";

const generationId = z.object({ generationId: z.string() });

export const generationContract = {
  /** Resolves when the user's turn is on disk. The answer goes on whether or not anybody watches. */
  start: oc.input(generationStartSchema).output(generationStartedSchema),
  /** Leaving the iterator cancels nothing. */
  watch: oc.input(generationId).output(eventIterator(generationEventSchema)),
  /** Idempotent. Resolves when the message is stored as stopped. */
  cancel: oc.input(generationId).output(z.void()),
  /** Counts the prompt that `send` with this text would make. Null while no model is loaded for the chat. */
  count: oc
    .input(
      z.object({
        chatId: z.string().nullable(),
        parentId: z.string().nullable().default(null),
        text: z.string(),
        modelId: z.string().nullable().default(null),
        /** Of a chat that does not exist yet. */
        steering: steeringSchema.nullish(),
      }),
    )
    .output(promptCountSchema.nullable()),
};
