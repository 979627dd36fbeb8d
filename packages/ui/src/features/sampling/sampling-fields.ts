import type { Sampling } from "@deskside/contract";
import type { NumberRange } from "./number-range.ts";

export type SamplingKey = Exclude<keyof Sampling, "stop" | "repeatLastTokens" | "maxTokens">;

/** The numbers an answer is drawn with, in the order they are shown. Ranges are those the engine accepts. */
export const samplingFields: readonly (NumberRange & { readonly key: SamplingKey })[] = [
  { key: "temperature", least: 0, most: 5, isWhole: false },
  { key: "topP", least: 0.01, most: 1, isWhole: false },
  { key: "topK", least: 0, most: 1000, isWhole: true },
  { key: "minP", least: 0, most: 1, isWhole: false },
  { key: "repeatPenalty", least: 0, most: 5, isWhole: false },
  { key: "seed", least: 0, most: 4_294_967_295, isWhole: true },
  { key: "maxReasoningTokens", least: 0, most: 1_000_000, isWhole: true },
];
