import { eventIterator, oc } from "@orpc/contract";
import { z } from "zod";
import { benchEventSchema, benchReportSchema } from "./bench-schemas.ts";

export const benchContract = {
  /** One at a time: throws BENCH_RUNNING. `threads`: also measures thread counts, which takes longer. */
  start: oc
    .input(z.object({ model: z.string(), threads: z.boolean().default(true) }))
    .output(z.object({ benchId: z.string() })),
  /** The state so far, then every step, then one end. Leaving cancels nothing. */
  watch: oc.input(z.object({ benchId: z.string() })).output(eventIterator(benchEventSchema)),
  cancel: oc.input(z.object({ benchId: z.string() })).output(z.void()),
  /** Of this session of the backend, newest first. */
  reports: oc.output(z.array(benchReportSchema)),
};
