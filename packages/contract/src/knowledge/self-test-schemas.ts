import { z } from "zod";

const share = z.number().min(0).max(1);

/** `weak`: files whose own passages are found least, worst first. Leaving the iterator ends the test. */
export const selfTestEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("progress"), done: z.number().int(), total: z.number().int() }),
  z.object({
    type: z.literal("done"),
    questions: z.number().int(),
    recallAt1: share,
    recallAt5: share,
    weak: z.array(
      z.object({ documentId: z.string(), document: z.string(), questions: z.number().int(), recallAt5: share }),
    ),
  }),
]);
export type SelfTestEvent = z.infer<typeof selfTestEventSchema>;
