/**
 * What a quantization costs, as a share of the model's parameters lost: a model at this type is about as good as one
 * of (1 − loss) times the size at full precision. An order, not a measurement: it follows the perplexities of
 * Llama-3-8B and 70B (llama.cpp `tools/quantize` README; 70B: Q6_K +0.5 %, Q5_K_M 1.2, Q4_K_M 4.8, IQ4_XS 7.1,
 * Q3_K_M 18.8, IQ3_XXS 40, Q2_K 69, IQ2_XXS 136), with which a larger model at Q4 goes before a smaller one at Q8.
 */
const losses: readonly (readonly [name: string, loss: number])[] = [
  ["F32", 0],
  ["BF16", 0],
  ["F16", 0],
  ["Q8_K_XL", 0.001],
  ["Q8_0", 0.002],
  ["Q6_K_XL", 0.005],
  ["Q6_K_L", 0.006],
  ["Q6_K", 0.007],
  ["Q5_K_XL", 0.012],
  ["Q5_K_L", 0.013],
  ["Q5_K_M", 0.015],
  ["Q5_K_S", 0.018],
  ["Q5_1", 0.02],
  ["Q5_0", 0.022],
  ["MXFP4", 0.04],
  ["Q4_K_XL", 0.045],
  ["Q4_K_L", 0.046],
  ["Q4_K_M", 0.05],
  ["Q4_K_S", 0.06],
  ["IQ4_NL", 0.068],
  ["IQ4_XS", 0.07],
  ["Q4_1", 0.075],
  ["Q4_0", 0.08],
  ["Q3_K_XL", 0.15],
  ["Q3_K_L", 0.17],
  ["Q3_K_M", 0.2],
  ["IQ3_M", 0.22],
  ["IQ3_S", 0.24],
  ["Q3_K_S", 0.27],
  ["IQ3_XS", 0.3],
  ["IQ3_XXS", 0.4],
  ["Q2_K_XL", 0.45],
  ["Q2_K_L", 0.5],
  ["Q2_K", 0.55],
  ["IQ2_M", 0.6],
  ["IQ2_S", 0.65],
  ["IQ2_XS", 0.7],
  ["IQ2_XXS", 0.75],
  ["IQ1_M", 0.85],
  ["IQ1_S", 0.9],
];
const lossOf = new Map(losses);

/** Null for a type that is not in the table: never chosen unasked. Publishers' prefixes such as `UD-` do not count. */
export function quantLoss(quantization: string): number | null {
  const name = quantization.toUpperCase().replace(/^(?:UD|I1|IMATRIX)-/, "");
  return lossOf.get(name) ?? (name.startsWith("MXFP4") ? (lossOf.get("MXFP4") ?? null) : null);
}

const atMost = (name: string) => lossOf.get(name) ?? 0;
/** Billions of parameters. */
const small = 2;
const large = 14;

/** Lower than this only when a person asks: Q6_K or Q8_0 up to 2B with Q4_K_M as the last, IQ4_XS under 14B, Q3_K_M above. */
export function isAllowedUnasked(quantization: string, billions: number): boolean {
  const loss = quantLoss(quantization);
  if (loss === null || isFullPrecision(quantization)) return false;
  if (billions <= small) return loss <= atMost("Q4_K_M");
  return loss <= atMost(billions < large ? "IQ4_XS" : "Q3_K_M");
}

/** Sorts types of one model: the default first, then smaller ones, then better ones that cost more than they bring. */
export function byPreference(billions: number): (a: string, b: string) => number {
  const wanted = atMost(billions <= small ? "Q8_0" : "Q4_K_M");
  const rank = (name: string) => {
    const loss = quantLoss(name) ?? 1;
    return loss >= wanted ? loss - wanted : 1 + wanted - loss;
  };
  return (a, b) => rank(a) - rank(b);
}

/** Poor, or not measured. */
export function isLowQuality(quantization: string): boolean {
  const loss = quantLoss(quantization);
  return loss === null || loss > atMost("Q3_K_M");
}

/** Sixteen bits and more: twice the memory of Q8_0 for nothing one can hear. */
function isFullPrecision(quantization: string): boolean {
  return /^(?:UD-)?(?:B?F16|F32)$/i.test(quantization);
}
