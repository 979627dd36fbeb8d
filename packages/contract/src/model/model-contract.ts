import { oc } from "@orpc/contract";
import { z } from "zod";
import { engineStateSchema, installedModelSchema } from "./model-schemas.ts";

export const modelContract = {
  list: oc.output(z.array(installedModelSchema)),
  engines: oc.output(z.array(engineStateSchema)),
  /** Starts loading and returns at once; progress comes with `system.events`. Also takes an engine out of "gave-up". */
  load: oc.input(z.object({ modelId: z.string() })).output(z.void()),
  /** Waits for a running answer to end. */
  unload: oc.input(z.object({ modelId: z.string() })).output(z.void()),
};
