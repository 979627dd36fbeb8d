import type {
  CatalogueEntry,
  CatalogueEntryFile,
  CataloguePage,
  Download,
  FitGrade,
  HubInfo,
  HubRepository,
  LibraryStorage,
  StoredModelInfo,
} from "@deskside/contract";

const gb = 1e9;

export const sampleHubs: readonly HubInfo[] = [
  { id: "huggingface", kind: "huggingface", baseUrl: "https://huggingface.co", configured: false },
  { id: "hf-mirror", kind: "huggingface", baseUrl: "https://hf-mirror.com", configured: false },
  { id: "modelscope", kind: "modelscope", baseUrl: "https://modelscope.cn", configured: false },
];

export function sampleCatalogueFile(
  change: Partial<CatalogueEntryFile> & { grade?: FitGrade; tokensPerSecond?: number | null } = {},
): CatalogueEntryFile {
  const { grade = "fits", tokensPerSecond = 38, ...rest } = change;
  const sizeBytes = rest.sizeBytes ?? 9 * gb;
  const quantization = rest.quantization ?? "Q4_K_M";
  return {
    ...{ quantization, repo: "sample/R1-Distill-Qwen-14B-GGUF", modelscope: null, publisher: "sample" },
    ...{
      trust: "vetted",
      file: `R1-Distill-Qwen-14B-${quantization}.gguf`,
      shards: 1,
      sizeBytes,
      sizeIsApproximate: false,
    },
    ...{ sha256: "ab".repeat(32), revision: "c0ffee", qualityLoss: null },
    fit: {
      ...{ grade, memoryBytes: sizeBytes + 2 * gb, tokensPerSecond, contextSize: 16_384 },
      ...{ gpuLayers: 48, totalLayers: 49 },
    },
    ...rest,
  };
}

export function sampleEntry(change: Partial<CatalogueEntry> & { id: string }): CatalogueEntry {
  return {
    ...{ name: change.id, family: "Sample", role: "chat", sizeClass: "medium", released: "2025-01-20" },
    ...{ modalities: ["text"], languages: ["en", "zh"] },
    licence: { id: "MIT", name: "MIT", commercial: "yes", note: null },
    ...{ totalParametersB: 14.8, activeParametersB: null, contextSize: 131_072, reasoning: false, status: "ok" },
    ...{ files: [sampleCatalogueFile()], best: "Q4_K_M", because: [], installed: [] },
    ...change,
  };
}

/** Three models: one with several files that fits, one for code that borrows RAM, one that is too large. */
export function sampleCatalogue(): CataloguePage {
  const entries = [
    sampleEntry({
      ...{ id: "r1-distill-qwen-14b", name: "R1-Distill-Qwen-14B", family: "DeepSeek R1", reasoning: true },
      files: [
        sampleCatalogueFile({ quantization: "Q3_K_M", sizeBytes: 7.3 * gb, tokensPerSecond: 47 }),
        sampleCatalogueFile(),
        sampleCatalogueFile({ quantization: "Q8_0", sizeBytes: 15.7 * gb, grade: "uses-ram", tokensPerSecond: 7.7 }),
      ],
      because: [
        { code: "best-quality", data: { quantization: "Q4_K_M" } },
        { code: "next-step", data: { quantization: "Q8_0", extraBytes: 6 * gb, missingBytes: 5.5 * gb } },
      ],
    }),
    sampleEntry({
      ...{ id: "coder-33b", name: "Coder-33B-Instruct", family: "DeepSeek Coder", role: "code" },
      ...{ languages: ["en"], totalParametersB: 33.3 },
      files: [sampleCatalogueFile({ repo: "sample/Coder-33B-GGUF", grade: "uses-ram", tokensPerSecond: 4.6 })],
    }),
    sampleEntry({
      ...{ id: "giant-671b", name: "Giant-671B", best: null, totalParametersB: 671, activeParametersB: 37 },
      files: [
        sampleCatalogueFile({
          ...{ repo: "sample/Giant-GGUF", sizeBytes: 404 * gb, grade: "too-large", tokensPerSecond: null, shards: 9 },
        }),
      ],
    }),
  ];
  return { updated: "2026-07-27", origin: { kind: "built-in", keyId: null }, total: entries.length, entries };
}

export function sampleDownload(change: Partial<Download> = {}): Download {
  return {
    ...{ id: "dl-1", repo: "sample/R1-Distill-Qwen-14B-GGUF", revision: "c0ffee" },
    ...{
      file: "R1-Distill-Qwen-14B-Q4_K_M.gguf",
      quantization: "Q4_K_M",
      state: "running",
      pausedBy: null,
      resumesAt: null,
    },
    ...{ receivedBytes: 5.8 * gb, totalBytes: 9 * gb, bytesPerSecond: 38e6, etaMs: 84_000, source: "hf-mirror" },
    ...{ sources: ["hf-mirror", "huggingface"], position: 0, startedAt: 1_795_000_000_000, modelId: null, error: null },
    ...change,
  };
}

export function sampleStoredModel(change: Partial<StoredModelInfo> = {}): StoredModelInfo {
  const sizeBytes = 4.7 * gb;
  const version = {
    ...{ key: "v1", sha256: "ab".repeat(32), revision: "c0ffee", source: "https://hf-mirror.com" },
    ...{ sizeBytes, addedAt: 1_795_000_000_000, state: "current" as const },
  };
  return {
    ...{ id: "r1-distill-qwen-7b", name: "R1-Distill-Qwen-7B", quantization: "Q4_K_M" },
    ...{ repo: "sample/R1-Distill-Qwen-7B-GGUF", licence: "MIT", folder: "main", pinned: false },
    ...{ path: "/data/models/r1-distill-qwen-7b.gguf", linked: false, versions: [version], diskBytes: sizeBytes },
    problem: null,
    ...change,
  };
}

const diskSpace = { freeBytes: 212 * gb, totalBytes: 476 * gb };

export function sampleStorage(change: Partial<LibraryStorage> = {}): LibraryStorage {
  return {
    models: [],
    trash: [],
    folders: [{ id: "main", path: "/data/models", modelBytes: 24.1 * gb, trashBytes: 0, ...diskSpace, problem: null }],
    ...change,
  };
}

export function sampleRepository(repo: string): HubRepository {
  const file = (quantization: string, sizeBytes: number) => {
    const path = `${repo.split("/")[1] ?? repo}-${quantization}.gguf`;
    return { path, quantization, parts: [{ path, sizeBytes, sha256: "cd".repeat(32) }], sizeBytes };
  };
  return {
    ...{ hub: "huggingface", repo, revision: "f00d", gated: false, licence: "apache-2.0" },
    ...{ files: [file("Q4_K_M", 4.7 * gb), file("Q8_0", 8.1 * gb)], otherFormats: ["safetensors"] },
    nearest: null,
  };
}
