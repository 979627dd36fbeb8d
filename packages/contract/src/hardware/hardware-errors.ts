import { z } from "zod";
import { defineErrors } from "../errors/define-errors.ts";

export const hardwareErrors = defineErrors({
  /** A folder with a recorded machine cannot be used: no manifest, a file is missing, not JSON, of the wrong shape. */
  FIXTURE_INVALID: { kind: "invalid-input", data: z.object({ path: z.string(), detail: z.string() }) },
  /** The catalogue knows the model and too little of its dimensions: what it takes cannot be told before its file is here. */
  FIT_UNKNOWN: { kind: "unsupported", data: z.object({ model: z.string() }) },
});
