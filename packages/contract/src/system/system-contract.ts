import { eventIterator, oc } from "@orpc/contract";
import { z } from "zod";
import { egressEntrySchema, systemEventSchema, systemInfoSchema } from "./system-schemas.ts";

export const systemContract = {
  info: oc.output(systemInfoSchema),
  /** Says that the process lives; cheap. */
  ping: oc.output(z.object({ pid: z.number().int(), deskside: z.string() })),
  /** Until the caller leaves. A slow reader misses telemetry, never a change. */
  events: oc.output(eventIterator(systemEventSchema)),
  /** The outbound record, newest first. */
  egress: oc
    .input(z.object({ limit: z.number().int().min(1).max(1000).default(100) }))
    .output(z.array(egressEntrySchema)),
};
