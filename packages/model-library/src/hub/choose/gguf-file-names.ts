/**
 * Quantization as publishers write it into names: `Q4_K_M`, `IQ3_XXS`, `UD-Q4_K_XL` (Unsloth), `MXFP4`, `BF16`. The
 * types are those of llama.cpp's `ggml_type` and `llama_ftype`; suffixes S, M, L, XL, XS, XXS, NL name mixes of them.
 */
const quantizationPattern =
  /(?<![a-z0-9])((?:UD-)?(?:I?Q\d(?:_[0-9K](?!\d))?(?:_(?:XXS|XS|NL|XL|S|M|L|P))*|TQ[12]_0|MXFP4(?:_MOE)?|NVFP4|BF16|F(?:P)?16|F(?:P)?32))(?![a-z0-9])/gi;

/** llama.cpp's `llama_split_path`. */
const partPattern = /-(\d{5})-of-(\d{5})$/;

export interface GgufFileName {
  readonly path: string;
  /** Path without part number and ending. */
  readonly stem: string;
  /** Upper case, `F16` for `fp16`; null when the name does not say. */
  readonly quantization: string | null;
  /** From 1; null for a file that is not split. */
  readonly part: { readonly number: number; readonly of: number } | null;
  /** No language model by itself: image projectors (`mmproj`), importance matrices, bare vocabularies. */
  readonly isHelper: boolean;
}

/** Null for what is no GGUF file. */
export function parseGgufFileName(path: string): GgufFileName | null {
  if (!/\.gguf$/i.test(path)) return null;
  const whole = path.slice(0, -".gguf".length);
  const match = partPattern.exec(whole);
  const stem = match ? whole.slice(0, match.index) : whole;
  const name = stem.split("/").at(-1) ?? stem;
  return {
    path,
    stem,
    // Some keep it in the folder only.
    quantization: quantizationIn(name) ?? quantizationIn(stem),
    part: match ? { number: Number(match[1]), of: Number(match[2]) } : null,
    isHelper: /mmproj|imatrix|(^|[/-])vocab|ggml-vocab/i.test(stem),
  };
}

/** The last one named, in its usual spelling; null when there is none. */
export function quantizationIn(text: string): string | null {
  const last = [...text.matchAll(quantizationPattern)].at(-1)?.[1];
  if (last === undefined) return null;
  return last.toUpperCase().replace(/^FP(16|32)$/, "F$1");
}
