import { z } from "zod";
import { errorDataSchema } from "../errors/error-schema.ts";
import { recommendationSchema, whyCpuReasons } from "./fit-schemas.ts";
import { gpuApis, machineProfileSchema, probeNoteSchema } from "./hardware-schemas.ts";

export const doctorCheckSchema = z.object({ name: z.string(), ok: z.boolean(), detail: z.string() });
export type DoctorCheck = z.infer<typeof doctorCheckSchema>;

/** What `deskside doctor --json` prints: the machine, what runs on it, and whether all is in order. */
export const doctorReportSchema = z.object({
  machine: machineProfileSchema.omit({ notes: true }),
  engine: z.object({
    /** Null for a recorded machine: its engine is not here. */
    library: z.string().nullable(),
    /** APIs with an engine program for this system. */
    apis: z.array(z.enum(gpuApis)),
    /** What a model is loaded with first; "none" = the processor. */
    api: z.enum(gpuApis),
    /** Why the processor, where a graphics device exists. */
    whyCpu: z.enum(whyCpuReasons).nullable(),
    /** Measured or chosen by rule, for models that take time. */
    threads: z.number().int(),
  }),
  versions: z.record(z.string(), z.string().nullable()),
  checks: z.array(doctorCheckSchema),
  recommendations: z.array(recommendationSchema),
  warnings: z.array(z.union([probeNoteSchema, errorDataSchema])),
});
export type DoctorReport = z.infer<typeof doctorReportSchema>;
