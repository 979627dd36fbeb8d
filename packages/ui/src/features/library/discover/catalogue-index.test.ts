import { sampleCatalogueFile, sampleEntry } from "@deskside/testing/fake-client";
import type { CatalogueEntry, FitGrade } from "@deskside/contract";
import { describe, expect, it } from "vitest";
import { createCatalogueIndex, everything, findEntries } from "./catalogue-index.ts";
import { firstPart } from "./entry-request.ts";

const entry = (id: string, grade: FitGrade | null, change: Partial<CatalogueEntry> = {}) =>
  sampleEntry({
    id,
    best: grade === "fits" ? "Q4_K_M" : null,
    files: [grade === null ? sampleCatalogueFile({ fit: null }) : sampleCatalogueFile({ grade })],
    ...change,
  });

const all = { ...everything, runsHere: false };
const idsOf = (entries: readonly CatalogueEntry[], filter = all) =>
  findEntries(createCatalogueIndex(entries), filter).groups.map(
    ({ group, entries: found }) => `${group}: ${found.map((one) => one.entry.id).join(" ")}`,
  );

describe("findEntries", () => {
  it("groups by how the best file fits, and keeps what is not known apart from what is too large", () => {
    const entries = [entry("a", "too-large"), entry("b", null), entry("c", "fits"), entry("d", "uses-ram")];
    expect(idsOf(entries)).toEqual(["fits: c", "uses-ram: d", "too-large: a", "unknown: b"]);
  });

  it("puts the larger model first, and of two equal ones the newer", () => {
    const entries = [
      entry("old", "fits", { totalParametersB: 8, released: "2024-01-01" }),
      entry("new", "fits", { totalParametersB: 8, released: "2025-01-01" }),
      entry("big", "fits", { totalParametersB: 14 }),
      entry("unsized", "fits", { totalParametersB: null }),
    ];
    expect(idsOf(entries)).toEqual(["fits: big new old unsized"]);
  });

  it("puts what keeps up with reading before what is larger and slower", () => {
    const slow = [sampleCatalogueFile({ sizeBytes: 40e9, tokensPerSecond: 0.5 })];
    const entries = [
      entry("large", "fits", { totalParametersB: 70, files: slow }),
      entry("quick", "fits", { totalParametersB: 8 }),
    ];
    expect(idsOf(entries)).toEqual(["fits: quick large"]);
  });

  it("does not believe a size that no whole model can have", () => {
    const files = [sampleCatalogueFile({ sizeBytes: 1.3e9, sizeIsApproximate: true })];
    expect(idsOf([entry("giant", null, { totalParametersB: 235, files })])).toEqual(["unknown: giant"]);
  });

  it("counts what `runs here` hides among the matches only", () => {
    const index = createCatalogueIndex([entry("one-a", "fits"), entry("one-b", "too-large"), entry("two", null)]);
    expect(findEntries(index, { ...everything, text: "one-" })).toMatchObject({ count: 1, hidden: 1 });
    expect(findEntries(index, everything)).toMatchObject({ count: 1, hidden: 2 });
  });

  it("needs every word, anywhere, in any case and script", () => {
    const entries = [
      entry("r1", "fits", { name: "R1-Distill-Qwen-14B", family: "DeepSeek R1" }),
      entry("zh", "fits", { name: "书生·浦语" }),
    ];
    expect(idsOf(entries, { ...all, text: "  QWEN deepseek " })).toEqual(["fits: r1"]);
    expect(idsOf(entries, { ...all, text: "浦语" })).toEqual(["fits: zh"]);
    expect(idsOf(entries, { ...all, text: "deepseek 浦语" })).toEqual([]);
    expect(idsOf(entries, { ...all, text: ".*" })).toEqual([]);
  });

  it("narrows by role, language, licence and reasoning together", () => {
    const mit = { licence: { id: "mit", name: "MIT", commercial: null, note: null } };
    const entries = [
      entry("one", "fits", { role: "code", languages: ["en"], reasoning: true, ...mit }),
      entry("two", "fits", { role: "code", languages: ["zh"], reasoning: true, ...mit }),
      entry("three", "fits", { role: "chat", languages: ["en"], reasoning: true, ...mit }),
      entry("four", "fits", { role: "code", languages: ["en"], reasoning: false, ...mit }),
    ];
    const filter = { ...all, role: "code" as const, language: "en", licence: "MIT", reasoning: true };
    expect(idsOf(entries, filter)).toEqual(["fits: one"]);
    expect(idsOf(entries, { ...filter, licence: "Apache-2.0" })).toEqual([]);
  });

  it("leads with the file that comes closest where none is best, and with none where nothing is known", () => {
    const files = [
      sampleCatalogueFile({ quantization: "Q8_0", sizeBytes: 16e9, grade: "too-large" }),
      sampleCatalogueFile({ quantization: "Q2_K", sizeBytes: 5e9, grade: "too-large" }),
      sampleCatalogueFile({ quantization: "Q1", sizeBytes: 1e9, fit: null }),
    ];
    const index = createCatalogueIndex([entry("a", null, { files }), entry("b", null, { files: [] })]);
    expect(index.byId.get("a")?.lead?.quantization).toBe("Q2_K");
    expect(index.byId.get("b")?.lead).toBeNull();
  });

  it("filters 5,000 entries between two frames; the figure is printed", async ({ annotate }) => {
    const grades: readonly FitGrade[] = ["fits", "tight", "uses-ram", "too-large"];
    const entries = Array.from({ length: 5000 }, (_, n) =>
      entry(`model-${n}`, grades[n % 4] ?? null, {
        name: `Sample ${n % 97} Model ${n}`,
        family: `Family ${n % 31}`,
        files: Array.from({ length: 12 }, (__, q) =>
          sampleCatalogueFile({
            quantization: `Q${q}`,
            repo: `owner-${n % 61}/repo-${n}-${q}`,
            grade: grades[n % 4] ?? "fits",
          }),
        ),
      }),
    );
    const begun = performance.now();
    const index = createCatalogueIndex(entries);
    const indexed = performance.now() - begun;
    const typed = "sample 41 model";
    const times = Array.from({ length: 10 }, () =>
      Array.from({ length: typed.length }, (__, end) => {
        const start = performance.now();
        findEntries(index, { ...all, text: typed.slice(0, end + 1) });
        return performance.now() - start;
      }),
    ).flat();
    times.sort((a, b) => a - b);
    const at = (share: number) => times[Math.floor((times.length - 1) * share)]?.toFixed(2);
    await annotate(
      `5,000 entries: index ${indexed.toFixed(1)} ms; a keystroke ${at(0.5)} ms (median), ${at(0.99)} ms (99 in 100), ${at(1)} ms (slowest of ${times.length})`,
    );
    const found = findEntries(index, { ...all, text: typed });
    expect(found.count).toBe(
      entries.filter(({ name, id }) => `${name} ${id}`.includes("41")).length + countOther(entries),
    );
  });
});

/** "41" also stands in families and repositories. */
function countOther(entries: readonly CatalogueEntry[]): number {
  return entries.filter(
    ({ name, id, family, files }) =>
      !`${name} ${id}`.includes("41") && [family, ...files.map(({ repo }) => repo)].some((text) => text.includes("41")),
  ).length;
}

describe("firstPart", () => {
  it("names the first part of a split file and leaves a plain one alone", () => {
    expect(firstPart({ file: "a-Q4-%05d-of-00009.gguf" })).toBe("a-Q4-00001-of-00009.gguf");
    expect(firstPart({ file: "dir/a-Q4.gguf" })).toBe("dir/a-Q4.gguf");
  });
});
