import { statSync } from "node:fs";
import type { LoadPlan } from "@deskside/contract/engine";
import type { LlamaContext, LlamaModel } from "node-llama-cpp";
import { mapLoadError, openLlama } from "../llama-runtime.ts";
import { createContext } from "../load/create-context.ts";
import { createLoadLog } from "../load/load-log.ts";
import type { OpenOptions } from "../load/open-model.ts";

export interface OpenedLane {
  readonly context: LlamaContext;
  /** RAM of its buffers and adapters. */
  readonly ramBytes: number;
}

/**
 * A second context over weights that are loaded already. Throws OUT_OF_MEMORY, MODEL_LOAD_FAILED, the signal's reason.
 * The plan counted its memory; what else was allocated since may still leave too little.
 */
export async function openLane(
  model: LlamaModel,
  plan: LoadPlan,
  adapters: LoadPlan["adapters"],
  options: Pick<OpenOptions, "signal" | "log">,
): Promise<OpenedLane> {
  const nativeLog = createLoadLog();
  try {
    await openLlama(plan.gpu, (line) => {
      nativeLog.add(line);
      options.log(line);
    });
    const context = await createContext(model, plan, { adapters, signal: options.signal });
    await nativeLog.complete();
    const [ram] = nativeLog.buffers([], { ramBytes: 0, gpuBytes: 0 });
    // Adapters lie where the tensors lie that they change.
    const weights =
      plan.gpu === "none" ? adapters.filter(({ name }) => name !== null).map(({ path }) => sizeOf(path)) : [];
    return { context, ramBytes: weights.reduce((sum, bytes) => sum + bytes, ram?.bytes ?? 0) };
  } catch (error) {
    if (options.signal?.aborted) throw options.signal.reason;
    throw await mapLoadError(error, plan, nativeLog.lines);
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
