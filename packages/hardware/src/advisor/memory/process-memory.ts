import type { FitPlan } from "@deskside/contract";
import type { ModelShape } from "../model-shape.ts";

const mebibyte = 2 ** 20;

/**
 * Of the engine process without a model: Node with its code, and the native library. Measured on Linux x64. How much
 * of the program's file is mapped depends on how the system caches it: 66 MiB in small pages, 95 MiB in large ones.
 */
const baseAnonymousBytes = 123 * mebibyte;
const baseFileBytes = 80 * mebibyte;

/** What drivers map into the process. Reported, not measured here: 100 to 300 MiB. */
const driverRamBytes: Readonly<Record<FitPlan["api"], number>> = {
  none: 0,
  cuda: 200 * mebibyte,
  vulkan: 120 * mebibyte,
  metal: 60 * mebibyte,
};

/**
 * Context and allocator on each GPU. CUDA: reports name 300 to 600 MiB; Ollama keeps 457 MiB free for it, 512 MiB on
 * Metal. Vulkan is assumed.
 */
export const deviceOverheadBytes: Readonly<Record<FitPlan["api"], number>> = {
  none: 0,
  cuda: 457 * mebibyte,
  vulkan: 200 * mebibyte,
  metal: 512 * mebibyte,
};

/** The engine process beside weights, cache and buffers. */
export function engineProcessBytes(shape: ModelShape, api: FitPlan["api"]): { anonymous: number; file: number } {
  return {
    anonymous: baseAnonymousBytes + vocabularyBytes(shape) + driverRamBytes[api] / 2,
    file: baseFileBytes + driverRamBytes[api] / 2,
  };
}

/** Above this JavaScript collects what it no longer needs while it reads on. */
const mostVocabularyBytes = 100 * mebibyte;
const bytesPerToken = 850;
/** Of a token in the header; what is more are merges, and each of their bytes takes twenty. */
const headerBytesPerToken = 22;
const bytesPerMergeByte = 20;

/**
 * Tokens and merges, in the native library and once more in JavaScript while the header is read. Fitted to loads of
 * vocabularies of 5 to 152 thousand tokens, with and without merges.
 */
function vocabularyBytes({ vocabulary, headerBytes }: ModelShape): number {
  const mergeBytes = Math.max(headerBytes - headerBytesPerToken * vocabulary, 0);
  return Math.min(bytesPerToken * vocabulary + bytesPerMergeByte * mergeBytes, mostVocabularyBytes);
}
