import type { LlamaContextSequence, Token } from "node-llama-cpp";

/** Proposals a step; more cost more than they bring when one is refused. */
const longestProposal = 8;
/** Below this probability a proposal is likely to be refused. */
const leastConfidence = 0.6;

/** Writes ahead with a draft model. */
export interface Proposer {
  /** What the draft model would write after `tokens`, greedily, as long as it is sure; at most `limit` tokens. */
  propose(tokens: readonly Token[], limit: number): Promise<Token[]>;
}

export function createProposer(sequence: LlamaContextSequence): Proposer {
  return {
    async propose(tokens, limit) {
      const most = Math.min(longestProposal, limit, sequence.context.contextSize - tokens.length - 1);
      if (most < 1) return [];
      await sequence.adaptStateToTokens(tokens.slice(0, -1), false);
      const unseen = tokens.slice(sequence.nextTokenIndex);
      const proposed: Token[] = [];
      const next = sequence.evaluateWithMetadata(unseen, { confidence: true }, { temperature: 0 });
      for await (const { token, confidence } of next) {
        if (confidence < leastConfidence) break;
        proposed.push(token);
        if (proposed.length >= most) break;
      }
      return proposed;
    },
  };
}
