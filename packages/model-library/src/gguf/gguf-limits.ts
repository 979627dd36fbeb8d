const mib = 1024 * 1024;

/** Upper bounds of what is read from a foreign file. Generous for real models, small for what a file can make us do. */
export const ggufLimits = {
  headerBytes: 256 * mib,
  stringBytes: 16 * mib,
  arrayElements: 64 * mib,
  dimensions: 4,
  /** llama.cpp compares every key and every tensor name with all before: more would take it seconds. */
  keys: 16_384,
  tensors: 32_768,
  keyBytes: 65_535,
  /** llama.cpp's fixed name buffer, including the closing zero. */
  tensorNameBytes: 64,
  alignment: 1 * mib,
  /** Text values up to here are kept in `GgufHeader.metadata`. */
  keptTextBytes: 64 * 1024,
  keptArrayElements: 1024,
  /** Keys and kept values together. */
  keptBytes: 8 * mib,
  chatTemplateBytes: 256 * 1024,
  tokens: 1 * mib,
  /** llama.cpp walks some vocabularies recursively, one stack frame a byte. */
  tokenBytes: 4096,
  charsmapBytes: 1 * mib,
  layers: 512,
  experts: 1024,
  contextLength: 2 ** 28,
} as const;
