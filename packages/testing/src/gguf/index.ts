export { encodeGguf, type EncodedGguf, type GgufField, type GgufSpec, type GgufValue } from "./gguf-encoder.ts";
export {
  bitFlips,
  craftedSpecs,
  cuts,
  extremeFields,
  foreignFiles,
  type GgufMutant,
  overflowShapes,
} from "./hostile-corpus.ts";
export type { ChildProbe, ProbeAnswer } from "./child-probe.ts";
export { createNativeProbe, type NativeRequest } from "./native-probe.ts";
export { createReaderProbe } from "./reader-probe.ts";
export { createSeededRandom, type SeededRandom } from "./seeded-random.ts";
export { splitGguf } from "./split/split-gguf.ts";
export { tinyLlama, type TinyLlamaOptions } from "./tiny-llama.ts";
export { writeGguf } from "./write-gguf.ts";
