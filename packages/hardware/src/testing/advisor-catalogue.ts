import type { AdvisedFile, AdvisedModel } from "../advisor/recommend/advised-model.ts";
import type { ModelShape } from "../advisor/model-shape.ts";
import { sampleShape } from "./advisor-samples.ts";

/** Bits per weight of whole files (llama.cpp quantize README). */
const bitsOf: Readonly<Record<string, number>> = {
  Q8_0: 8.5,
  Q6_K: 6.56,
  Q5_K_M: 5.68,
  Q4_K_M: 4.85,
  Q4_K_S: 4.6,
  IQ4_XS: 4.3,
  Q3_K_M: 3.9,
  Q2_K: 3.2,
  IQ1_S: 1.7,
  F16: 16,
  MXFP4: 4.63,
};
const all = Object.keys(bitsOf).filter((name) => name !== "MXFP4");

export function sampleEntry(id: string, billions: number, changes: Partial<AdvisedModel> = {}): AdvisedModel {
  const files = all.map((quant) => fileOf(quant, billions));
  return {
    id,
    name: id.toUpperCase(),
    role: "chat",
    status: "ok",
    params: { totalB: billions, activeB: billions, exactB: null },
    arch: { attention: "gqa" },
    ggufRepos: [{ trust: "vetted", files }],
    ...changes,
  };
}

export function fileOf(quant: string, billions: number): AdvisedFile {
  return { quant, sizeBytes: Math.round((billions * 1e9 * (bitsOf[quant] ?? 5)) / 8), sizeBytesApprox: null };
}

/** As the catalogue's dimensions would give it; null without a size. */
export function shapeOfEntry({ params }: AdvisedModel, { quant, sizeBytes }: AdvisedFile): ModelShape | null {
  const billions = params.totalB;
  if (sizeBytes === null || billions === null) return null;
  const layers = billions > 20 ? 64 : billions > 10 ? 48 : billions > 5 ? 32 : 24;
  const hidden = billions > 10 ? 5120 : billions > 5 ? 4096 : 1536;
  const mixture = params.activeB !== null && params.activeB < billions;
  return sampleShape({
    ...{ layers, hidden, billions, kvHeads: 8, headDim: 128, vocabulary: 128_256, contextTrained: 131_072 },
    bits: (sizeBytes * 8) / (billions * 1e9),
    quantization: quant,
    ...(mixture ? { experts: { total: 32, used: 4, share: 0.9 } } : {}),
  });
}

export const sampleCatalogue = {
  models: [
    sampleEntry("tiny-1b", 1),
    sampleEntry("small-4b", 4),
    sampleEntry("mid-8b", 8),
    sampleEntry("mid-14b", 14.8),
    sampleEntry("large-32b", 32),
    sampleEntry("huge-70b", 70),
    sampleEntry("mixture-20b", 20.9, {
      params: { totalB: 20.9, activeB: 3.6, exactB: null },
      ggufRepos: [{ trust: "runtime-maintainer", files: [fileOf("MXFP4", 20.9)] }],
    }),
    sampleEntry("embedding-1b", 1, { role: "embedding" }),
    sampleEntry("incomplete-8b", 8, { status: "no vetted GGUF found" }),
    sampleEntry("sparse-8b", 8, { arch: { attention: "v4-sparse" } }),
    sampleEntry("community-8b", 8, { ggufRepos: [{ trust: "community", files: [fileOf("Q4_K_M", 8)] }] }),
  ],
};
