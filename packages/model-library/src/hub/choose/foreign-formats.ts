import type { HubRevision } from "../hub.ts";

/** Formats that llama.cpp does not load. */
export type ForeignFormat =
  | "FP8"
  | "INT8"
  | "AWQ"
  | "GPTQ"
  | "INT4"
  | "NVFP4"
  | "MLX"
  | "EXL2"
  | "safetensors"
  | "PyTorch"
  | "ONNX";

/**
 * The GGUF type that loses about as much: FP8 and INT8 are close to lossless, as is Q8_0; AWQ, GPTQ and other INT4
 * weights are nearest to Q4_K_M (arXiv 2411.02355 for the formats, llama.cpp's README of quantize for the types).
 * Weights as they were trained are BF16. Null where the format says nothing about the width.
 */
const nearestByFormat: Readonly<Record<ForeignFormat, string | null>> = {
  FP8: "Q8_0",
  INT8: "Q8_0",
  AWQ: "Q4_K_M",
  GPTQ: "Q4_K_M",
  INT4: "Q4_K_M",
  NVFP4: "Q4_K_M",
  MLX: null,
  EXL2: null,
  safetensors: "BF16",
  PyTorch: "BF16",
  ONNX: null,
};

export function nearestQuantization(format: ForeignFormat): string | null {
  return nearestByFormat[format];
}

const byName: readonly (readonly [ForeignFormat, RegExp])[] = [
  ["AWQ", /awq/],
  ["GPTQ", /gptq/],
  ["NVFP4", /nvfp4/],
  ["FP8", /fp8|w8a8-fp/],
  ["INT8", /int8|w8a8|w8a16/],
  ["INT4", /int4|w4a16|bnb-4bit|autoround/],
  ["MLX", /\bmlx\b/],
  ["EXL2", /exl[23]/],
];

/** What somebody asked for instead of a GGUF type; null when it is none of these. */
export function parseForeignFormat(wanted: string): ForeignFormat | null {
  const text = wanted.toLowerCase();
  if (text.endsWith(".gguf")) return null;
  if (/^safetensors$|\.safetensors$/.test(text)) return "safetensors";
  if (/^(pytorch|pt|bin)$|\.(bin|pt|pth)$/.test(text)) return "PyTorch";
  if (/^onnx$|\.onnx$/.test(text)) return "ONNX";
  return byName.find(([, pattern]) => new RegExp(`^(?:${pattern.source})(?:[-_ ]?int[48])?$`).test(text))?.[0] ?? null;
}

/** What the weights of a repository are, from its name and files; null when there are none that are known. */
export function foreignFormatOf({ repo, files }: Pick<HubRevision, "repo" | "files">): ForeignFormat | null {
  const paths = files.map(({ path }) => path.toLowerCase());
  const has = (pattern: RegExp): boolean => paths.some((path) => pattern.test(path));
  const weights = has(/\.safetensors$/) ? "safetensors" : has(/\.(bin|pt|pth)$/) ? "PyTorch" : null;
  if (weights === null) return has(/\.onnx$/) ? "ONNX" : null;
  const names = [repo.toLowerCase(), ...paths.filter((path) => /\.(safetensors|bin|pt)$/.test(path))];
  return byName.find(([, pattern]) => names.some((name) => pattern.test(name)))?.[0] ?? weights;
}
