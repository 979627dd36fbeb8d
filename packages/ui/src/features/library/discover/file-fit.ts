import type { CatalogueEntry, CatalogueEntryFile, CatalogueFit } from "@deskside/contract";

/** The smallest type of weights there is, IQ1_S, takes 1.5625 bits for each (ggml: block_iq1_s, 50 bytes for 256). */
const leastBitsPerWeight = 1.5;

/** Bits for each weight; null where the size or the number of parameters is not known. */
export function bitsPerWeight(entry: CatalogueEntry, { sizeBytes }: CatalogueEntryFile): number | null {
  if (sizeBytes === null || !entry.totalParametersB) return null;
  return (sizeBytes * 8) / (entry.totalParametersB * 1e9);
}

/** What a file takes here; null where its size cannot be that of the whole model, so that nothing is promised. */
export function fitOfFile(entry: CatalogueEntry, file: CatalogueEntryFile): CatalogueFit | null {
  const bits = bitsPerWeight(entry, file);
  return bits !== null && bits < leastBitsPerWeight ? null : file.fit;
}
