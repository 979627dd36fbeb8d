import type { ModelDefaults } from "@deskside/contract";

/** One number of a model's defaults: where it lies, and what can be typed. */
export interface DefaultField {
  readonly key:
    | "contextSize"
    | "gpuLayers"
    | "keepWarmMinutes"
    | "temperature"
    | "topP"
    | "topK"
    | "minP"
    | "repeatPenalty"
    | "seed"
    | "maxReasoningTokens";
  readonly least: number;
  readonly most: number;
  readonly isWhole: boolean;
}

const loadKeys = ["contextSize", "gpuLayers", "keepWarmMinutes"] as const;

export const defaultFields: readonly DefaultField[] = [
  { key: "contextSize", least: 256, most: 4_194_304, isWhole: true },
  { key: "gpuLayers", least: 0, most: 1000, isWhole: true },
  { key: "keepWarmMinutes", least: 0, most: 10_080, isWhole: true },
  { key: "temperature", least: 0, most: 5, isWhole: false },
  { key: "topP", least: 0.01, most: 1, isWhole: false },
  { key: "topK", least: 0, most: 1000, isWhole: true },
  { key: "minP", least: 0, most: 1, isWhole: false },
  { key: "repeatPenalty", least: 0, most: 5, isWhole: false },
  { key: "seed", least: 0, most: 4_294_967_295, isWhole: true },
  { key: "maxReasoningTokens", least: 0, most: 1_000_000, isWhole: true },
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

/** What was typed as a number of the field; null = empty, undefined = not accepted. */
export function parseTyped(typed: string, field: DefaultField): number | null | undefined {
  const text = typed.trim().replaceAll(/[\s_]/g, "").replace(",", ".");
  if (text === "") return null;
  const value = Number(text);
  const isInRange = Number.isFinite(value) && value >= field.least && value <= field.most;
  return isInRange && (!field.isWhole || Number.isInteger(value)) ? value : undefined;
}
