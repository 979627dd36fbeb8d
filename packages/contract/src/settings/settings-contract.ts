import { oc } from "@orpc/contract";
import { z } from "zod";
import { settingEntrySchema, settingKeySchema } from "./settings-schemas.ts";

export const settingsContract = {
  list: oc.output(z.array(settingEntrySchema)),
  set: oc.input(z.object({ key: settingKeySchema, value: z.unknown() })).output(settingEntrySchema),
  /** Back to the defaults: every key that starts with `section.`, locked ones stay. */
  resetSection: oc.input(z.object({ section: z.string() })).output(z.array(settingEntrySchema)),
};
