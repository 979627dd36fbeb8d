import type { ModelShape } from "../model-shape.ts";

/**
 * Tensor types whose matrices the CPU backend copies into a layout of its own, beside the mapped file: the copy is as
 * large as the original. From `ggml_repack_get_optimal_repack_type` in ggml-cpu/repack.cpp, and for AMX from
 * ggml-cpu/amx; goes with the pinned node-llama-cpp. x86 with AVX2 and with AMX was measured, the others were read.
 */
export function repackedTypes(instructionSets: readonly string[]): ReadonlySet<string> {
  const has = (...names: string[]) => names.some((name) => instructionSets.includes(name));
  const types = new Set<string>();
  const add = (...names: string[]) => names.forEach((name) => types.add(name));
  if (has("avx2")) add("Q4_0", "Q4_K", "IQ4_NL", "MXFP4");
  if (has("avx512")) add("Q2_K");
  if (has("amx")) add("Q4_0", "Q4_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K", "IQ4_XS");
  if (has("dotprod", "i8mm")) {
    add("Q4_0", "Q4_K", "Q5_K", "Q6_K", "IQ4_NL", "MXFP4", "Q8_0");
  }
  return types;
}

/**
 * Whether an engine on the CPU must leave AMX out. The library lays the up-projections of latent attention (DeepSeek
 * V2, V3, R1) out for AMX and then finds no operation for them: it ends the process with
 * `GGML_ASSERT(*cur_backend_id != -1)` while it makes the context. Seen with node-llama-cpp 3.22.1.
 */
export function leavesOutAmx(shape: ModelShape, instructionSets: readonly string[]): boolean {
  return instructionSets.includes("amx") && shape.layers.some(({ memory }) => memory === "latent");
}
