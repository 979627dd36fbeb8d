import { type CatalogueEntry, deskError, type FitGrade, type FitReport } from "@deskside/contract";
import {
  sampleCatalogueFile,
  sampleDownload,
  sampleEntry,
  samplePlan,
  sampleStorage,
  sampleStoredModel,
} from "@deskside/testing/fake-client";

const gb = 1e9;
const limitBytes = 11 * gb;

const quantizations = [
  ["Q2_K", 0.39, 60],
  ["Q3_K_M", 0.49, 47],
  ["IQ4_XS", 0.55, 41],
  ["Q4_K_M", 0.61, 38],
  ["Q5_K_M", 0.71, 24],
  ["Q6_K", 0.82, 14],
  ["Q8_0", 1.06, 7.7],
  ["F16", 2, 2.7],
] as const;

function gradeOf(bytes: number): FitGrade {
  if (bytes <= limitBytes - 2 * gb) return "fits";
  if (bytes <= limitBytes) return "tight";
  return bytes <= 30 * gb ? "uses-ram" : "too-large";
}

function entryOf(id: string, name: string, billions: number, change: Partial<CatalogueEntry> = {}): CatalogueEntry {
  const files = quantizations.map(([quantization, bytesPerWeight, speed]) => {
    const sizeBytes = billions * bytesPerWeight * gb;
    return sampleCatalogueFile({
      ...{ quantization, sizeBytes, repo: `unsloth/${name}-GGUF`, publisher: "unsloth" },
      ...{ file: `${name}-${quantization}.gguf`, modelscope: `unsloth/${name}-GGUF` },
      ...{ grade: gradeOf(sizeBytes + 2 * gb), tokensPerSecond: (speed * 14.8) / billions },
    });
  });
  const best = files.findLast(({ fit }) => fit?.grade === "fits" || fit?.grade === "tight")?.quantization ?? null;
  const because =
    best === null
      ? [{ code: "too-large" as const, data: { neededBytes: billions * gb, budgetBytes: limitBytes } }]
      : [
          { code: "best-quality" as const, data: { quantization: best } },
          {
            code: "next-step" as const,
            data: { quantization: "Q5_K_M", extraBytes: 1.5 * gb, missingBytes: 0.7 * gb },
          },
        ];
  return sampleEntry({ id, name, totalParametersB: billions, files, best, because, ...change });
}

const code = { role: "code" as const, languages: ["en"] };
const named = [
  entryOf("r1-distill-qwen-14b", "R1-Distill-Qwen-14B", 14.8, { reasoning: true, family: "DeepSeek R1" }),
  entryOf("r1-0528-qwen3-8b", "R1-0528-Qwen3-8B", 8.2, { reasoning: true, installed: ["r1-0528-qwen3-8b"] }),
  entryOf("r1-distill-llama-8b", "R1-Distill-Llama-8B", 8, { reasoning: true }),
  entryOf("coder-v2-lite", "Coder-V2-Lite-Instruct", 15.7, { activeParametersB: 2.4, ...code }),
  entryOf("r1-distill-qwen-32b", "R1-Distill-Qwen-32B", 32.8, { reasoning: true }),
  entryOf("coder-33b", "Coder-33B-Instruct", 33.3, code),
  entryOf("v3-671b", "V3-0324", 671, { activeParametersB: 37 }),
];

/** The catalogue of the mockups, filled up to `count` entries. */
export function librarySample(count: number) {
  const more = Array.from({ length: Math.max(0, count - named.length) }, (_, n) =>
    entryOf(`sample-${n}`, `Sample-${n}-${(n % 40) + 1}B`, (n % 40) + 1),
  );
  const entries = [...named, ...more];
  const stored = sampleStoredModel({ id: "deskside-starter", name: "Deskside Starter" });
  const hash = {
    file: "V2-Lite-Chat-Q4_K_M.gguf",
    source: "huggingface",
    expected: "ab".repeat(32),
    actual: "cd".repeat(32),
  };
  return {
    catalogue: { updated: "2026-07-27", total: entries.length, entries },
    fits: new Map(named.flatMap(fitsOf)),
    storage: sampleStorage({
      models: [stored],
      trash: [
        { id: "t1", modelId: "old", name: "R1-Distill-Qwen-7B", sizeBytes: 4.7 * gb, deletedAt: Date.now() + 9e8 },
      ],
    }),
    downloads: [
      sampleDownload(),
      sampleDownload({
        ...{ id: "dl-2", repo: "unsloth/R1-Distill-Llama-8B-GGUF", state: "checking", totalBytes: 4.9 * gb },
        ...{ receivedBytes: 4.9 * gb, source: "modelscope" },
      }),
      sampleDownload({
        ...{ id: "dl-3", repo: "unsloth/R1-Distill-Qwen-32B-GGUF", state: "paused", pausedBy: "user" },
        ...{ receivedBytes: 4.4 * gb, totalBytes: 19.9 * gb },
      }),
      sampleDownload({
        ...{ id: "dl-4", repo: "unsloth/V2-Lite-Chat-GGUF", state: "failed", source: "huggingface" },
        ...{ receivedBytes: 5 * gb, totalBytes: 10.4 * gb, error: deskError("DOWNLOAD_HASH_MISMATCH", hash).toData() },
      }),
      sampleDownload({
        ...{ id: "dl-5", repo: "unsloth/R1-Distill-Qwen-7B-GGUF", state: "waiting", receivedBytes: 0 },
        ...{ totalBytes: 6.3 * gb, source: null },
      }),
    ],
  };
}

function fitsOf(entry: CatalogueEntry): [string, FitReport][] {
  return entry.files.map((file) => {
    const size = file.sizeBytes ?? 0;
    const onCard = Math.min(size, limitBytes - 2 * gb);
    const memory = (name: string, weightsBytes: number, kvBytes: number, bufferBytes: number) => ({
      ...{ name, weightsBytes, kvBytes, bufferBytes, overheadBytes: 0, bytes: weightsBytes + kvBytes + bufferBytes },
    });
    const devices = [memory("Sample GPU 12", onCard, 1.3 * gb, 0.5 * gb), memory("RAM", size - onCard, 0, 0)];
    const memoryBytes = devices.reduce((sum, { bytes }) => sum + bytes, 0);
    const grade = file.fit?.grade ?? "too-large";
    const report: FitReport = {
      ...{ model: entry.id, quantization: file.quantization, grade, because: [], alternatives: [] },
      plan: { ...samplePlan, contextSize: 16_384 },
      predicted: {
        ...{ memoryBytes, anonymousBytes: memoryBytes, devices, promptTokensPerSecond: null },
        tokensPerSecond: file.fit?.tokensPerSecond ?? null,
      },
    };
    return [`${entry.id}:${file.quantization}`, report];
  });
}
