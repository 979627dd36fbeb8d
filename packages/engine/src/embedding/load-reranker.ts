import { deskError } from "@deskside/contract";
import type { Loaded, LoadPlan } from "@deskside/contract/engine";
import type { LlamaModel, LlamaRankingContext, Token } from "node-llama-cpp";
import { type OpenOptions, openModel } from "../load/open-model.ts";
import { createTurns, type Turns } from "./turns.ts";

/** A model that reads a query and a passage together and says how well they match. */
export interface LoadedReranker extends AsyncDisposable {
  readonly purpose: "reranking";
  readonly loaded: Loaded;
  readonly busy: boolean;
  tokenize(text: string, special: boolean): Token[];
  /** 0 to 1 for each passage. Throws the signal's reason between two passages, MODEL_NOT_LOADED while it is unloaded. */
  rerank(query: string, passages: readonly string[], signal?: AbortSignal): Promise<number[]>;
}

/** Throws UNSUPPORTED for a file without a ranking head, and what loading throws. */
export async function loadReranker(plan: LoadPlan, options: OpenOptions): Promise<LoadedReranker> {
  const opened = await openModel(plan, options, createContext);
  const { model, context } = opened;
  const turns = createTurns();
  return {
    purpose: "reranking",
    loaded: { ...opened.loaded, contextSize: context.contextSize, reasoning: null },
    get busy() {
      return turns.busy;
    },
    tokenize: (text, special) => model.tokenize(text, special),
    rerank: (query, passages, signal) => rankAll({ context, turns, signal }, query, passages),
    async [Symbol.asyncDispose]() {
      await turns.close();
      await opened[Symbol.asyncDispose]();
    },
  };
}

function createContext(
  model: LlamaModel,
  plan: LoadPlan,
  signal: AbortSignal | undefined,
): Promise<LlamaRankingContext> {
  if (!model.fileInsights.supportsRanking) throw deskError("UNSUPPORTED", { feature: "a model without ranking head" });
  const contextSize = Math.min(plan.contextSize, model.trainContextSize);
  return model.createRankingContext({
    ...{ contextSize, batchSize: contextSize, threads: plan.threads, ignoreMemorySafetyChecks: true },
    ...(signal ? { createSignal: signal } : {}),
  });
}

/** A long passage is read in overlapping pieces, its best one counts; a long query is cut to half of the room. */
async function rankAll(
  { context, turns, signal }: { context: LlamaRankingContext; turns: Turns; signal: AbortSignal | undefined },
  query: string,
  passages: readonly string[],
): Promise<number[]> {
  const asked = context.model.tokenize(query, false, "trimLeadingSpace").slice(0, Math.floor(context.contextSize / 2));
  const scores: number[] = [];
  for (const passage of passages) {
    signal?.throwIfAborted();
    // Nothing cannot answer anything; the library would score the query alone.
    const isEmpty = !/\S/.test(passage);
    scores.push(isEmpty ? 0 : await turns.take(() => context.rank(asked, passage, { onOverflow: "maxChunk" })));
  }
  return scores;
}
