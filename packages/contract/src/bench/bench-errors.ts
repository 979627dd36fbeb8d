import { z } from "zod";
import { defineErrors } from "../errors/define-errors.ts";

export const benchErrors = defineErrors({
  BENCH_RUNNING: { kind: "conflict", data: z.object({ model: z.string() }) },
  BENCH_NOT_FOUND: { kind: "not-found", data: z.object({ benchId: z.string() }) },
});
