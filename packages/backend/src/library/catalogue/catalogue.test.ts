import { fileURLToPath } from "node:url";
import { type CatalogueEntry, catalogueQuerySchema } from "@deskside/contract";
import { loadCatalogue } from "@deskside/model-library";
import { beforeAll, describe, expect, test } from "vitest";
import { type CatalogueAdvice, catalogueEntries } from "./catalogue-entries.ts";
import { filterCatalogue } from "./filter-catalogue.ts";

const folder = fileURLToPath(new URL("../../../../../models/catalogue", import.meta.url));
const fits = { memoryBytes: 1, tokensPerSecond: 9, contextSize: 4096, gpuLayers: 0, totalLayers: 30 };
/** Files of two billion bytes and less fit. */
const advice: CatalogueAdvice = {
  fitOf: (_model, { sizeBytes, sizeBytesApprox }) => {
    const size = sizeBytes ?? sizeBytesApprox;
    return size === null ? null : { ...fits, grade: size <= 2e9 ? "fits" : "too-large" };
  },
  recommendations: [
    { model: "qwen3-1.7b", quantization: "Q8_0", because: [{ code: "cpu-only-fits", data: {} }] },
    { model: "deepseek-r1-distill-qwen-1.5b", quantization: "Q8_0", because: [] },
  ],
};

let entries: CatalogueEntry[];
beforeAll(async () => {
  const installed = new Map([["bartowski/deepseek-r1-distill-qwen-1.5b-gguf", ["deepseek-q4"]]]);
  entries = catalogueEntries(await loadCatalogue(folder), advice, installed);
});

const find = (query: Record<string, unknown>) => filterCatalogue(entries, catalogueQuerySchema.parse(query));
const ids = (found: readonly CatalogueEntry[]) => found.map(({ id }) => id);

describe("the catalogue as it is shown", () => {
  test("has what is recommended first, in the advisor's order, with the reasons", () => {
    expect(ids(entries).slice(0, 2)).toEqual(["qwen3-1.7b", "deepseek-r1-distill-qwen-1.5b"]);
    expect(entries[0]).toMatchObject({ best: "Q8_0", because: [{ code: "cpu-only-fits" }] });
    expect(entries[2]).toMatchObject({ best: null, because: [] });
    expect(new Set(ids(entries)).size).toBe(entries.length);
  });

  test("knows what is here, whatever the spelling of the repository", () => {
    expect(entries[1]?.installed).toEqual(["deepseek-q4"]);
    expect(entries[0]?.installed).toEqual([]);
  });

  test("says what a size is, and nothing where nobody knows one", () => {
    const files = entries.flatMap((entry) => entry.files);
    expect(files.some(({ sizeBytes, fit }) => sizeBytes === null && fit === null)).toBe(true);
    expect(files.filter(({ sizeIsApproximate, sizeBytes }) => sizeIsApproximate && sizeBytes === null)).toEqual([]);
  });
});

describe("filters", () => {
  test("without one everything is found", () => {
    expect(find({})).toHaveLength(entries.length);
  });

  test("all words must occur, anywhere, in any case", () => {
    const found = ids(find({ text: "  DeepSeek   r1 " }));
    expect(found.length).toBeGreaterThan(1);
    expect(found.every((id) => id.includes("deepseek") && id.includes("r1"))).toBe(true);
    expect(find({ text: "deepseek nothing-like-it" })).toEqual([]);
    expect(find({ text: "bartowski" }).length).toBeGreaterThan(0);
  });

  test("each narrows", () => {
    expect(find({ roles: ["embedding"] }).every(({ role }) => role === "embedding")).toBe(true);
    expect(find({ roles: ["embedding"] }).length).toBeGreaterThan(0);
    const mit = find({ licences: ["mit"] });
    expect(mit.length).toBeGreaterThan(0);
    expect(mit.every(({ licence }) => licence.id === "MIT")).toBe(true);
    expect(find({ reasoning: true }).length + find({ reasoning: false }).length).toBe(entries.length);
    expect(find({ sizeClasses: ["7-9B"] }).every(({ sizeClass }) => sizeClass === "7-9B")).toBe(true);
    const small = find({ maxFileBytes: 1e9 });
    expect(small.every(({ files }) => files.some(({ sizeBytes }) => sizeBytes !== null && sizeBytes <= 1e9))).toBe(
      true,
    );
  });

  test("a grade is that of the recommended file, else of any", () => {
    expect(ids(find({ grades: ["fits"] }))).toContain("qwen3-1.7b");
    expect(ids(find({ grades: ["too-large"] }))).not.toContain("qwen3-1.7b");
    const others = find({ grades: ["too-large"] });
    expect(others.length).toBeGreaterThan(0);
    expect(others.every(({ files }) => files.some(({ fit }) => fit?.grade === "too-large"))).toBe(true);
  });
});
