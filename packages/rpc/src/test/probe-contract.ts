import { eventIterator, oc } from "@orpc/contract";
import { z } from "zod";

/** What the shared suite asks of every transport. */
export const probeContract = {
  echo: oc
    .input(z.object({ text: z.string(), small: z.number().max(10).default(1) }))
    .output(z.object({ text: z.string() })),
  /** Throws a typed error. */
  refuse: oc.input(z.object({ chatId: z.string() })).output(z.void()),
  /** Throws something that is a bug. */
  crash: oc.output(z.void()),
  /** Ends only when it is aborted. */
  wait: oc.output(z.void()),
  /** 0, 1, 2 … for ever, one each millisecond; counts in `state` when it is stopped. */
  count: oc.output(eventIterator(z.number())),
  /** Two values, then the failure. */
  countAndFail: oc.input(z.object({ how: z.enum(["typed", "bug"]) })).output(eventIterator(z.number())),
  /** One value, then nothing until it is stopped. */
  stall: oc.output(eventIterator(z.number())),
  state: oc.output(
    z.object({
      /** Producers that were told to stop and did. */
      stopped: z.number(),
      /** Calls whose signal was aborted. */
      aborted: z.number(),
      /** Messages of what was reported as a bug, with the incident. */
      reported: z.array(z.object({ message: z.string(), incident: z.string() })),
    }),
  ),
};
export type ProbeContract = typeof probeContract;
