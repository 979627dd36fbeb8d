import { writeFile } from "node:fs/promises";
import { type EncodedGguf, encodeGguf, type GgufSpec } from "./gguf-encoder.ts";

/** Encodes and writes; returns what was written, with the place of every field. */
export async function writeGguf(path: string, spec: GgufSpec): Promise<EncodedGguf> {
  const encoded = encodeGguf(spec);
  await writeFile(path, encoded.bytes);
  return encoded;
}
