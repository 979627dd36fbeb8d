import type { BenchReport } from "@deskside/contract";

const header = [
  "model",
  "quantization",
  "api",
  "gpu_layers",
  "context_tokens",
  "kv_type",
  "threads",
  "pp512_tokens_per_second",
  "pp512_predicted",
  "tg128_tokens_per_second",
  "tg128_predicted",
  "first_token_ms",
  "memory_bytes",
  "memory_predicted_bytes",
];

/** One line a plan, RFC 4180; an empty cell = not measured. */
export function benchCsv(report: BenchReport): string {
  const lines = report.runs.map(({ plan, predicted, measured }) => [
    report.model,
    report.quantization,
    plan.api,
    plan.gpuLayers,
    plan.contextSize,
    plan.kvType,
    plan.threads,
    measured.promptTokensPerSecond,
    predicted.promptTokensPerSecond,
    measured.tokensPerSecond,
    predicted.tokensPerSecond,
    measured.firstTokenMs,
    measured.memoryBytes,
    predicted.memoryBytes,
  ]);
  return [header, ...lines]
    .map((line) => line.map(cell).join(","))
    .join("\r\n")
    .concat("\r\n");
}

function cell(value: string | number | null): string {
  const text = value === null ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
