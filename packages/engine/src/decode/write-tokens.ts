import type { Sampling } from "@deskside/contract";
import type { Token } from "node-llama-cpp";
import type { AnswerText } from "../answer-text.ts";
import type { LoadedModel, PromptTokens } from "../loaded-model.ts";
import type { AnswerLane } from "./answer-lanes.ts";
import { samplingOptions } from "./sampling-options.ts";
import { type DraftFigures, writeWithDraft } from "./write-with-draft.ts";

interface Writing {
  readonly tokens: AsyncGenerator<Token>;
  /** Null where no draft model takes part. */
  readonly draft: DraftFigures | null;
}

/**
 * The model's tokens one by one, all but the last of the prompt being evaluated. Where the reasoning took all it may
 * (`answer` is told of each token before the next is asked for), its end is written in place of the model.
 */
export function writeTokens(
  { loaded, lane, answer }: { loaded: LoadedModel; lane: AnswerLane; answer: AnswerText },
  { prompt, sampling }: { prompt: PromptTokens; sampling: Sampling },
): Writing {
  const { sequence } = lane;
  const recent: Token[] = [];
  const proposer =
    lane.draft !== null && suitsDraft(sampling) && !sequence.needsCheckpoints ? lane.draft.proposer : null;
  const figures: DraftFigures = { proposed: 0, accepted: 0 };

  async function* write(next: readonly Token[]): AsyncGenerator<Token> {
    if (proposer) yield* writeWithDraft({ sequence, proposer, next, sampling, recent, figures });
    else {
      for await (const token of sequence.evaluate(
        [...next],
        samplingOptions(sampling, () => recent),
      )) {
        recent.push(token);
        yield token;
      }
    }
  }

  const budget = loaded.loaded.reasoning === null ? undefined : sampling.maxReasoningTokens;
  const isOver = () => budget !== undefined && answer.inReasoning && answer.reasoningTokens >= budget;

  async function* writeWithinBudget(): AsyncGenerator<Token> {
    let next = [prompt.tokens[prompt.tokens.length - 1] as Token];
    // The prompt itself may have opened it.
    let closing = isOver();
    if (!closing) {
      for await (const token of write(next)) {
        yield token;
        closing = isOver();
        if (!closing) continue;
        next = [token];
        break;
      }
    }
    if (!closing) return;
    for (const token of closeTokens(loaded)) {
      next.push(token);
      recent.push(token);
      yield token;
    }
    yield* write(next);
  }

  return { tokens: writeWithinBudget(), draft: proposer && figures };
}

/** As a model would have written it: on a line of its own. */
function closeTokens({ model, loaded }: LoadedModel): Token[] {
  return model.tokenize(`\n${loaded.reasoning?.close ?? ""}\n\n`, true);
}

/** The same seed has to give the same answer with and without a draft model: such answers are written without. */
function suitsDraft(sampling: Sampling): boolean {
  return (sampling.temperature ?? 0) === 0 || sampling.seed === undefined;
}
