import { deskError } from "@deskside/contract";
import type { LoadPlan } from "@deskside/contract/engine";
import type { LlamaContext, LlamaContextSequence, LlamaModel } from "node-llama-cpp";
import type { DraftModel } from "./draft-model.ts";
import type { OpenedLane } from "./open-lane.ts";

/** Where an answer is computed: a cache of its own, and what is mixed into the weights. */
export interface AnswerLane {
  readonly sequence: LlamaContextSequence;
  /** Null without a draft model. */
  readonly draft: DraftModel | null;
}

export interface AnswerLanes {
  /** RAM of the named lane. Bytes; an adapter once read stays until the model goes. */
  readonly onRequestBytes: number;
  /** Without any named adapter. */
  readonly plain: AnswerLane;
  /**
   * With these named adapters too. Made when first asked for; of those with names the last one stays, so that memory
   * holds at most one beside the plain one. Only inside a lease of the model: nobody may be answering.
   * Throws ADAPTER_MISMATCH for a name the plan does not have, and what making a context throws.
   */
  lane(names: readonly string[], signal: AbortSignal | undefined): Promise<AnswerLane>;
}

/** Models that cannot go back in their state keep copies of it: by default up to 32, without a limit of memory. */
const checkpoints = { max: 4, maxMemory: 256 * 2 ** 20 };

export function createAnswerLanes(options: {
  model: LlamaModel;
  plan: LoadPlan;
  context: LlamaContext;
  draft: DraftModel | null;
  /** Makes the context of a named lane. */
  open: (adapters: LoadPlan["adapters"], signal: AbortSignal | undefined) => Promise<OpenedLane>;
}): AnswerLanes {
  const { plan, draft } = options;
  const plain: AnswerLane = { sequence: options.context.getSequence({ checkpoints }), draft };
  let named: { key: string; opened: OpenedLane; lane: AnswerLane } | undefined;

  return {
    plain,
    get onRequestBytes() {
      return named?.opened.ramBytes ?? 0;
    },
    async lane(names, signal) {
      const wanted = [...new Set(names)].sort();
      if (wanted.length === 0) return plain;
      const key = JSON.stringify(wanted);
      if (named?.key === key) return named.lane;
      for (const name of wanted) {
        if (plan.adapters.some((adapter) => adapter.name === name)) continue;
        const data = { adapter: name, base: plan.modelName, reason: "not-attached" as const, detail: name };
        throw deskError("ADAPTER_MISMATCH", data);
      }
      const before = named;
      named = undefined;
      await before?.opened.context.dispose();
      const adapters = plan.adapters.filter(({ name }) => name === null || wanted.includes(name));
      const opened = await options.open(adapters, signal);
      // The draft model follows one cache, and drafts for the model as it is without adapters.
      named = { key, opened, lane: { sequence: opened.context.getSequence({ checkpoints }), draft: null } };
      return named.lane;
    },
  };
}
