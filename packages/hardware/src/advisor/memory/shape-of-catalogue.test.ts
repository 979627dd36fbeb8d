import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type CatalogueFileLike, type CatalogueModelLike, shapeOfCatalogue } from "./shape-of-catalogue.ts";

interface Listed extends CatalogueModelLike {
  readonly id: string;
  readonly derived: { readonly kvBytesPerTokenF16: number | null };
  readonly ggufRepos: readonly { readonly files: readonly CatalogueFileLike[] }[];
}
const file = new URL("../../../../../models/catalogue/models.json", import.meta.url);
const { models } = JSON.parse(readFileSync(file, "utf8")) as { models: Listed[] };
const listed = (id: string) => models.find((model) => model.id === id) as Listed;
const q4: CatalogueFileLike = { quant: "Q4_K_M", sizeBytes: 4_683_073_248, sizeBytesApprox: null };
/** About 4.8 bits a weight, whatever the size. */
const q4Of = ({ params }: Listed): CatalogueFileLike => ({
  ...q4,
  sizeBytes: (params.exactB ?? params.totalB ?? 7.6) * 0.6e9,
});
const seven = listed("deepseek-r1-distill-qwen-7b");

describe("a model before its download", () => {
  it("has the cache the catalogue derives, for every model with known dimensions", () => {
    let compared = 0;
    for (const model of models) {
      const shape = shapeOfCatalogue(model, q4Of(model));
      if (!shape || model.derived.kvBytesPerTokenF16 === null) continue;
      const bytes = shape.layers.reduce((sum, layer) => {
        if (layer.memory === "latent") return sum + 2 * layer.keyLength;
        return layer.memory === "full" ? sum + 2 * layer.kvHeads * (layer.keyLength + layer.valueLength) : sum;
      }, 0);
      expect(bytes, model.id).toBe(model.derived.kvBytesPerTokenF16);
      expect(shape.layers, model.id).toHaveLength(model.arch.layers ?? 0);
      compared++;
    }
    expect(compared).toBeGreaterThan(45);
  });

  it("does not take a part for the whole", () => {
    expect(
      shapeOfCatalogue(listed("phi-4"), { quant: "IQ2_M", sizeBytes: 588_880_282, sizeBytesApprox: null }),
    ).toBeNull();
  });

  it("shares out exactly the file", () => {
    for (const model of models) {
      const shape = shapeOfCatalogue(model, q4Of(model));
      if (!shape) continue;
      const inLayers = shape.layers.reduce((sum, layer) => sum + layer.weightBytes + layer.expertBytes, 0);
      const total = inLayers + shape.embeddingBytes + (shape.tiedOutput ? 0 : shape.outputBytes) + shape.headerBytes;
      expect(Math.abs(total - shape.fileBytes) / shape.fileBytes, model.id).toBeLessThan(0.02);
      expect(inLayers, model.id).toBeGreaterThan(0);
    }
  });

  it.each(["layers", "hidden", "heads", "kvHeads", "headDim", "vocab", "contextTrained", "ffn"] as const)(
    "is nothing without %s",
    (dimension) => {
      expect(shapeOfCatalogue(seven, q4)).not.toBeNull();
      expect(shapeOfCatalogue({ ...seven, arch: { ...seven.arch, [dimension]: null } }, q4)).toBeNull();
    },
  );

  it("is nothing without a size, and for attention no formula describes", () => {
    expect(shapeOfCatalogue(seven, { ...q4, sizeBytes: null })).toBeNull();
    expect(shapeOfCatalogue(seven, { ...q4, sizeBytes: null, sizeBytesApprox: 4_680_000_000 })?.fileBytes).toBe(
      4_680_000_000,
    );
    expect(shapeOfCatalogue({ ...seven, arch: { ...seven.arch, attention: "v4-sparse" } }, q4)).toBeNull();
  });

  it("knows which layers of Gemma 4 E2B share a cache", () => {
    const shape = shapeOfCatalogue(listed("gemma-4-e2b-it"), q4);
    expect(shape?.layers.filter((layer) => layer.memory === "none")).toHaveLength(20);
    expect(shape?.layers.filter((layer) => layer.memory === "sliding")).toHaveLength(12);
  });
});
