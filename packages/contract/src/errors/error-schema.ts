import { errorKinds } from "@deskside/base";
import { z } from "zod";

/** An error as it is stored and sent: worded by the interface, never here. */
export const errorDataSchema = z.object({
  code: z.string(),
  kind: z.enum(errorKinds),
  data: z.record(z.string(), z.unknown()),
});
