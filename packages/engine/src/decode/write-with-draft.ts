import { randomInt } from "node:crypto";
import { deskError, type Sampling } from "@deskside/contract";
import type { ControlledEvaluateInputItem, LlamaContextSequence, Token } from "node-llama-cpp";
import type { Proposer } from "./proposer.ts";
import { samplingOptions } from "./sampling-options.ts";

/** What a draft model brought to an answer. Tokens. */
export interface DraftFigures {
  proposed: number;
  accepted: number;
}

interface DraftedWriting {
  readonly sequence: LlamaContextSequence;
  readonly proposer: Proposer;
  /** Known and not evaluated yet; the answer goes on behind the last one. */
  readonly next: readonly Token[];
  readonly sampling: Sampling;
  /** Tokens of the answer so far; grows by what is given out. */
  readonly recent: Token[];
  /** Added to. */
  readonly figures: DraftFigures;
}

/**
 * Writes like the library's `evaluate`, several tokens a step where the draft model was right: the proposals are
 * evaluated together, each sampled as if those before it were written, and kept up to the first one that the model
 * would not have chosen. The library's own way of doing this keeps one proposal a step at most. Ends before the
 * end-of-answer token; whoever leaves early finds the sequence without the last token that was given out, as there.
 */
export async function* writeWithDraft(writing: DraftedWriting): AsyncGenerator<Token> {
  const { sequence, proposer, recent, figures } = writing;
  let next = [...writing.next];
  while (true) {
    const start = sequence.nextTokenIndex;
    const room = sequence.context.contextSize - start - next.length - 1;
    const proposed = await proposer.propose([...sequence.contextTokens, ...next], room);
    const chosen = await evaluateAll(writing, next, proposed);
    const agreed = chosen.findIndex((token, at) => token !== proposed[at]);
    figures.proposed += proposed.length;
    figures.accepted += agreed;
    const evaluated = start + next.length;
    let given = 0;
    try {
      for (const token of chosen.slice(0, agreed + 1)) {
        if (sequence.model.isEogToken(token)) return;
        given++;
        recent.push(token);
        yield token;
      }
    } finally {
      // The last one given out is evaluated in the next step, or by whoever goes on.
      await forgetFrom(sequence, evaluated + Math.max(0, given - 1));
    }
    next = [chosen[agreed] as Token];
  }
}

/** What the model writes behind the last of `next`, and behind each proposal: one more than proposals. */
async function evaluateAll(
  { sequence, sampling, recent }: DraftedWriting,
  next: readonly Token[],
  proposed: readonly Token[],
): Promise<Token[]> {
  const sampled = [next[next.length - 1] as Token, ...proposed];
  const input = [
    ...next.slice(0, -1),
    ...sampled.map((token, at): ControlledEvaluateInputItem => {
      const options = samplingOptions(sampling, () => [...recent, ...proposed.slice(0, at)]);
      // Each step has a sampler of its own: without a new seed all steps of a second would draw the same number.
      return [token, { generateNext: { token: true, options: { ...options, seed: randomInt(2 ** 32) } } }];
    }),
  ];
  const results = await sequence.controlledEvaluate(input);
  return sampled.map((_, at) => {
    const token = results[next.length - 1 + at]?.next.token;
    if (token === undefined || token === null) throw deskError("GENERATION_FAILED", { detail: "no token was sampled" });
    return token;
  });
}

async function forgetFrom(sequence: LlamaContextSequence, start: number): Promise<void> {
  const end = sequence.nextTokenIndex;
  if (end > start) await sequence.eraseContextTokenRanges([{ start, end }]);
}
