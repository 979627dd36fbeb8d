import { deskError } from "@deskside/contract";
import type { LoadPlan } from "@deskside/contract/engine";
import type { OpenOptions } from "../load/open-model.ts";
import { type LoadedModel, loadModel } from "../loaded-model.ts";
import { type LoadedEmbedder, loadEmbedder } from "./load-embedder.ts";
import { type LoadedReranker, loadReranker } from "./load-reranker.ts";

/** What one engine process holds. */
export type LoadedForPurpose = LoadedModel | LoadedEmbedder | LoadedReranker;

/** Throws what `loadModel`, `loadEmbedder` and `loadReranker` throw. */
export async function loadForPurpose(plan: LoadPlan, options: OpenOptions): Promise<LoadedForPurpose> {
  if (plan.purpose === "embedding") return await loadEmbedder(plan, options);
  if (plan.purpose === "reranking") return await loadReranker(plan, options);
  return await loadModel(plan, options);
}

/** Throws WRONG_ROLE when it was loaded for something else. */
export function requirePurpose<Purpose extends LoadedForPurpose["purpose"]>(
  current: LoadedForPurpose,
  purpose: Purpose,
): Extract<LoadedForPurpose, { purpose: Purpose }> {
  if (!isFor(current, purpose))
    throw deskError("WRONG_ROLE", { model: current.loaded.architecture, role: current.purpose, needed: purpose });
  return current;
}

function isFor<Purpose extends LoadedForPurpose["purpose"]>(
  current: LoadedForPurpose,
  purpose: Purpose,
): current is Extract<LoadedForPurpose, { purpose: Purpose }> {
  return current.purpose === purpose;
}
