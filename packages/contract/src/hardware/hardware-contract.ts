import { oc } from "@orpc/contract";
import { z } from "zod";
import { fitReportSchema, recommendationSchema } from "./fit-schemas.ts";
import { machineProfileSchema } from "./hardware-schemas.ts";

export const hardwareContract = {
  /** Of the last detection; waits for the first one. */
  profile: oc.output(machineProfileSchema),
  /** Detects again: after sleep, after a driver was installed. */
  refresh: oc.output(machineProfileSchema),
  /** An installed model, a file, or a catalogue id with an optional `:quantization`. */
  fit: oc
    .input(
      z.object({
        model: z.string(),
        contextSize: z.number().int().min(8).nullable().default(null),
        slots: z.number().int().min(1).max(64).default(1),
      }),
    )
    .output(fitReportSchema),
  /** What of the catalogue runs best here, best first. */
  recommendations: oc
    .input(z.object({ limit: z.number().int().min(1).max(50).default(6) }))
    .output(z.array(recommendationSchema)),
};
