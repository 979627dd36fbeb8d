import type { Sampling, Steering } from "@deskside/contract";

export const samplingPresets = ["precise", "balanced", "free"] as const;
export type SamplingPreset = (typeof samplingPresets)[number];

/** Plain names for what is drawn from; "balanced" is what the maker of the model recommends. */
const values: Readonly<Record<SamplingPreset, Sampling>> = {
  precise: { temperature: 0.2, topP: 0.9 },
  balanced: {},
  free: { temperature: 1, topP: 0.98 },
};

const drawn = ["temperature", "topP", "topK", "minP", "repeatPenalty", "repeatLastTokens"] as const;

/** The name of what is set; null = values of one's own. */
export function presetOf(sampling: Sampling): SamplingPreset | null {
  return samplingPresets.find((name) => drawn.every((key) => values[name][key] === sampling[key])) ?? null;
}

/** The values of the name; seed, limits and stop words stay. */
export function withPreset(sampling: Sampling, preset: SamplingPreset): Sampling {
  const { seed, stop, maxTokens, maxReasoningTokens } = sampling;
  const kept = Object.entries({ seed, stop, maxTokens, maxReasoningTokens }).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(kept), ...values[preset] };
}

/** Null where nothing differs from how the model comes. */
export function normalised(steering: Steering): Steering | null {
  const instructions = steering.instructions?.trim() ? steering.instructions : null;
  return instructions === null && Object.keys(steering.sampling).length === 0 ? null : { ...steering, instructions };
}
