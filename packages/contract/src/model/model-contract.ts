import { oc } from "@orpc/contract";
import { z } from "zod";
import { modelDefaultsSchema, modelDefaultsViewSchema } from "./model-defaults-schemas.ts";
import { engineStateSchema, installedModelSchema } from "./model-schemas.ts";

const byModel = z.object({ modelId: z.string() });

export const modelContract = {
  list: oc.output(z.array(installedModelSchema)),
  engines: oc.output(z.array(engineStateSchema)),
  /**
   * Starts loading and returns at once; progress comes with `system.events`. Also takes an engine out of "gave-up".
   * `running`: answers that run in another model end first, or the caller's are cancelled (what they wrote is kept).
   */
  load: oc
    .input(z.object({ modelId: z.string(), running: z.enum(["finish", "cancel"]).default("finish") }))
    .output(z.void()),
  /** Waits for a running answer to end. */
  unload: oc.input(byModel).output(z.void()),
  /** What applies to one model: a chat's own wish goes before it, its manifest and the settings come after it. */
  defaults: {
    get: oc.input(byModel).output(modelDefaultsViewSchema),
    /** Replaces all of them. Context, cache and GPU layers come with the next load, which happens by itself. */
    set: oc.input(byModel.extend({ values: modelDefaultsSchema })).output(modelDefaultsViewSchema),
    reset: oc.input(byModel).output(modelDefaultsViewSchema),
  },
};
