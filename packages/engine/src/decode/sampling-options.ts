import type { Sampling } from "@deskside/contract";
import type { SequenceEvaluateOptions, Token } from "node-llama-cpp";

/**
 * Sampling as the library takes it. What a person did not say is greedy and without a penalty.
 * @param recent tokens of the answer so far, asked for before each token
 */
export function samplingOptions(sampling: Sampling, recent: () => readonly Token[]): SequenceEvaluateOptions {
  const penalty = sampling.repeatPenalty ?? 1;
  const window = sampling.repeatLastTokens ?? 64;
  return {
    temperature: sampling.temperature ?? 0,
    ...(sampling.topP === undefined ? {} : { topP: sampling.topP }),
    ...(sampling.topK === undefined ? {} : { topK: sampling.topK }),
    ...(sampling.minP === undefined ? {} : { minP: sampling.minP }),
    ...(sampling.seed === undefined ? {} : { seed: sampling.seed }),
    ...(penalty === 1 || window === 0
      ? {}
      : { repeatPenalty: { punishTokens: () => recent().slice(-window), penalty } }),
  };
}
