import { z } from "zod";
import { defineErrors } from "../errors/define-errors.ts";

export const settingsErrors = defineErrors({
  SETTING_LOCKED: { kind: "denied", data: z.object({ key: z.string() }) },
});
