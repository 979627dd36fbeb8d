import { eventIterator, oc } from "@orpc/contract";
import { z } from "zod";
import { gpuApis } from "../hardware/hardware-schemas.ts";
import {
  engineBinariesSchema,
  engineBinaryFetchEventSchema,
  engineBinaryTrialSchema,
} from "./engine-binaries-schemas.ts";

const api = z.object({ api: z.enum(gpuApis) });

/** The engine's native packages, one set per way to reach a device. */
export const engineBinariesContract = {
  list: oc.output(engineBinariesSchema),
  /** Starts, or joins the fetch that runs. Only ever by the user's wish: it is the one thing here that uses the network. */
  fetch: oc.input(api).output(z.void()),
  /** Leaving the iterator cancels nothing. Without a fetch: the outcome of the last one, or `done` when all is there. */
  watch: oc.input(api).output(eventIterator(engineBinaryFetchEventSchema)),
  /** Idempotent. What had come is kept. */
  cancel: oc.input(api).output(z.void()),
  /** Loads the starter model on the API in a process of its own and decodes one token. Never throws for its outcome. */
  test: oc.input(api).output(engineBinaryTrialSchema),
};
