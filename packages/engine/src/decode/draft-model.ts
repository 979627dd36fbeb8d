import { deskError } from "@deskside/contract";
import type { LoadPlan } from "@deskside/contract/engine";
import type { LlamaModel } from "node-llama-cpp";
import { createProposer, type Proposer } from "./proposer.ts";

/** A small model that proposes tokens ahead of the one that answers; that one keeps those it would have written. */
export interface DraftModel extends AsyncDisposable {
  readonly proposer: Proposer;
}

/**
 * Loads the plan's draft model with a context as long as the plan's, on the GPU when all of the main model is there.
 * Throws DRAFT_MISMATCH when a token means something else in it, and what loading throws.
 */
export async function loadDraftModel(
  base: LlamaModel,
  plan: LoadPlan & { draftModelPath: string },
  signal: AbortSignal | undefined,
): Promise<DraftModel> {
  await using stack = new AsyncDisposableStack();
  const allOnGpu = plan.gpu !== "none" && plan.gpuLayers >= base.fileInsights.totalLayers;
  const model = stack.use(
    await base.llama.loadModel({
      modelPath: plan.draftModelPath,
      gpuLayers: allOnGpu ? "max" : 0,
      ignoreMemorySafetyChecks: true,
      ...(signal ? { loadSignal: signal } : {}),
    }),
  );
  assertSameTokens(base, model, plan);
  const context = stack.use(
    await model.createContext({
      contextSize: plan.contextSize,
      batchSize: Math.min(plan.batchSize, plan.contextSize),
      threads: plan.threads,
      ignoreMemorySafetyChecks: true,
      failedCreationRemedy: false,
      flashAttention: plan.flashAttention ? "auto" : false,
      batching: { dispatchSchedule: (dispatch) => dispatch() },
      ...(signal ? { createSignal: signal } : {}),
    }),
  );
  const proposer = createProposer(context.getSequence());
  const owned = stack.move();
  return { proposer, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** The header told sizes and special tokens; here every token is compared. */
function assertSameTokens(base: LlamaModel, draft: LlamaModel, plan: { draftModelPath: string; modelName: string }) {
  const own = base.fileInfo.metadata.tokenizer?.ggml?.tokens ?? [];
  const other = draft.fileInfo.metadata.tokenizer?.ggml?.tokens ?? [];
  const names = { draft: plan.draftModelPath, base: plan.modelName };
  if (own.length !== other.length) {
    const detail = `${other.length} / ${own.length}`;
    throw deskError("DRAFT_MISMATCH", { ...names, reason: "other-vocabulary-size", detail });
  }
  if (draft.tokens.bos !== base.tokens.bos || draft.tokens.eos !== base.tokens.eos) {
    const detail = `${draft.tokens.bos}, ${draft.tokens.eos} / ${base.tokens.bos}, ${base.tokens.eos}`;
    throw deskError("DRAFT_MISMATCH", { ...names, reason: "other-special-token", detail });
  }
  const at = own.findIndex((token, index) => token !== other[index]);
  if (at !== -1) throw deskError("DRAFT_MISMATCH", { ...names, reason: "other-token", detail: `${at}` });
}
