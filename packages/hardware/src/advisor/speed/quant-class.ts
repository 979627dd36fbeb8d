import type { ModelShape } from "../model-shape.ts";

/** Weight types that decode alike: 1-2 bits, 3-6 bits, 8 bits and more. */
export type QuantClass = "low" | "mid" | "high";

/** By the name of the type (`Q4_K_M`, `UD-IQ2_XXS`, `BF16`, `MXFP4`); without a readable name by bits per weight. */
export function quantClassOf(shape: Pick<ModelShape, "quantization" | "fileBytes" | "parameters">): QuantClass {
  const bits = namedBits(shape.quantization) ?? bitsPerWeight(shape);
  if (bits < 3) return "low";
  return bits < 7.5 ? "mid" : "high";
}

function namedBits(name: string | null): number | null {
  if (name === null) return null;
  const match = /(?:MXFP|NVFP|BF|TQ|IQ|Q|F)(\d+)/i.exec(name);
  return match ? Number(match[1]) : null;
}

function bitsPerWeight({ fileBytes, parameters }: Pick<ModelShape, "fileBytes" | "parameters">): number {
  return parameters > 0 ? (fileBytes * 8) / parameters : 4.5;
}
