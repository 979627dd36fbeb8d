import type { ModelDefaults } from "@deskside/contract";
import type { NumberRange } from "../../sampling/number-range.ts";
import { type SamplingKey, samplingFields } from "../../sampling/sampling-fields.ts";

/** One number of a model's defaults: where it lies, and what can be typed. */
export interface DefaultField extends NumberRange {
  readonly key: (typeof loadKeys)[number] | SamplingKey;
}

const loadKeys = ["contextSize", "gpuLayers", "keepWarmMinutes"] as const;

export const defaultFields: readonly DefaultField[] = [
  { key: "contextSize", least: 256, most: 4_194_304, isWhole: true },
  { key: "gpuLayers", least: 0, most: 1000, isWhole: true },
  { key: "keepWarmMinutes", least: 0, most: 10_080, isWhole: true },
  ...samplingFields,
];

/** Null = not set. */
export function valueOf(values: ModelDefaults, key: DefaultField["key"]): number | null {
  const own = loadKeys.find((name) => name === key);
  if (own) return values[own];
  return values.sampling[key as keyof ModelDefaults["sampling"]] ?? null;
}

export function withValue(values: ModelDefaults, key: DefaultField["key"], value: number | null): ModelDefaults {
  if (loadKeys.some((name) => name === key)) return { ...values, [key]: value };
  const { [key as keyof ModelDefaults["sampling"]]: _, ...sampling } = values.sampling;
  return { ...values, sampling: value === null ? sampling : { ...sampling, [key]: value } };
}
