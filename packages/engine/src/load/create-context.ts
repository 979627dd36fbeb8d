import type { LoadPlan } from "@deskside/contract/engine";
import type { LlamaContext, LlamaModel } from "node-llama-cpp";
import { ggmlTypeOf } from "./estimate.ts";

/** A context as the plan describes it, with these adapters of the plan. Throws what the library throws. */
export function createContext(
  model: LlamaModel,
  plan: LoadPlan,
  options: { adapters: LoadPlan["adapters"]; signal?: AbortSignal | undefined },
): Promise<LlamaContext> {
  const { adapters, signal } = options;
  return model.createContext({
    contextSize: plan.contextSize,
    batchSize: Math.min(plan.batchSize, plan.contextSize),
    sequences: plan.slots,
    threads: plan.threads,
    ignoreMemorySafetyChecks: true,
    failedCreationRemedy: false,
    flashAttention: plan.flashAttention ? "auto" : false,
    ...(plan.kvType === "f16"
      ? {}
      : { experimentalKvCacheKeyType: ggmlTypeOf(plan.kvType), experimentalKvCacheValueType: ggmlTypeOf(plan.kvType) }),
    // With one sequence nothing is gained by waiting for others; the default waits a cycle of the event loop a token.
    batching: { dispatchSchedule: (dispatch) => dispatch() },
    ...(adapters.length > 0
      ? { lora: { adapters: adapters.map(({ path, scale }) => ({ filePath: path, scale })) } }
      : {}),
    ...(signal ? { createSignal: signal } : {}),
  });
}
