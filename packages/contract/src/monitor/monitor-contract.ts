import { oc } from "@orpc/contract";
import { z } from "zod";
import {
  alertRuleSchema,
  alertStateSchema,
  answerSliceSchema,
  monitorRanges,
  monitorSampleSchema,
  monitorSeriesSchema,
} from "./monitor-schemas.ts";

export const monitorContract = {
  now: oc.output(monitorSampleSchema),
  /** At most `points` rows; finer readings are averaged. */
  series: oc
    .input(z.object({ range: z.enum(monitorRanges), points: z.number().int().min(10).max(100_000).default(2_000) }))
    .output(monitorSeriesSchema),
  slice: oc.input(z.object({ messageId: z.string() })).output(answerSliceSchema),
  alerts: oc.output(z.array(alertStateSchema)),
  /** Adds, or replaces the rule of the same id. */
  setAlert: oc.input(alertRuleSchema).output(z.array(alertStateSchema)),
  removeAlert: oc.input(z.object({ id: z.string() })).output(z.array(alertStateSchema)),
  /** The whole range at its stored resolution, as a text. */
  export: oc
    .input(z.object({ range: z.enum(monitorRanges), format: z.enum(["csv", "json"]) }))
    .output(z.object({ fileName: z.string(), text: z.string() })),
};
