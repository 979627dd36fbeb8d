import { DesksideError } from "@deskside/base";
import { type BenchReport, deskError } from "@deskside/contract";
import { createWords } from "@deskside/ui/words";
import { openSession } from "../open-session.ts";
import { systemLanguages } from "../report-failure.ts";

export interface BenchOptions {
  dataDir: string;
  /** Id of an installed model, or a file. */
  model: string;
  threads: boolean;
  format: "text" | "json" | "csv";
}

/** Measures a model on this machine across plans, beside what was predicted. Progress goes to stderr. */
export async function bench(options: BenchOptions): Promise<void> {
  await using session = await openSession(options.dataDir);
  const { client } = session;
  const { benchId } = await client.bench.start({ model: options.model, threads: options.threads });
  const stop = () => void client.bench.cancel({ benchId }).catch(() => undefined);
  process.once("SIGINT", stop);
  for await (const event of await client.bench.watch({ benchId })) {
    if (event.type === "progress") process.stderr.write(`${event.done}/${event.total}\n`);
    else if (event.type === "failed") throw new DesksideError(event.error);
    else if (event.type === "cancelled") throw deskError("USAGE", { problem: "stopped" });
    else process.stdout.write(print(event.report, options.format));
  }
  process.off("SIGINT", stop);
}

function print(report: BenchReport, format: BenchOptions["format"]): string {
  if (format === "json") return `${JSON.stringify(report)}\n`;
  return format === "csv" ? asCsv(report) : asTable(report);
}

function asCsv(report: BenchReport): string {
  const head =
    "model,quantization,api,gpu_layers,context,kv_type,threads,predicted_bytes,measured_bytes,predicted_tok_s,measured_tok_s,predicted_prompt_tok_s,measured_prompt_tok_s,first_token_ms";
  const rows = report.runs.map(({ plan, predicted, measured }) =>
    [
      ...[report.model, report.quantization, plan.api, plan.gpuLayers, plan.contextSize, plan.kvType, plan.threads],
      ...[predicted.memoryBytes, measured.memoryBytes, predicted.tokensPerSecond, measured.tokensPerSecond],
      ...[predicted.promptTokensPerSecond, measured.promptTokensPerSecond, measured.firstTokenMs],
    ]
      .map(csvCell)
      .join(","),
  );
  return `${[head, ...rows].join("\r\n")}\r\n`;
}

function csvCell(value: string | number | null): string {
  const text = value === null ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function asTable(report: BenchReport): string {
  const { format } = createWords(systemLanguages());
  const speed = (perSecond: number | null) => (perSecond === null ? "–" : format.speed(perSecond));
  const runs = report.runs.map(({ plan, predicted, measured }) =>
    [
      `${plan.api === "none" ? "CPU" : `${plan.api} ${plan.gpuLayers}/${plan.totalLayers}`}, ${plan.contextSize}, KV ${plan.kvType}, ${plan.threads} threads`,
      `  memory   ~ ${format.bytes(predicted.memoryBytes)}   ${format.bytes(measured.memoryBytes)}`,
      `  decode   ~ ${speed(predicted.tokensPerSecond)}   ${speed(measured.tokensPerSecond)}`,
      `  prompt   ~ ${speed(predicted.promptTokensPerSecond)}   ${speed(measured.promptTokensPerSecond)}`,
      `  first token ${(measured.firstTokenMs / 1000).toFixed(2)} s`,
    ].join("\n"),
  );
  const threads = report.threads.map(
    (one) =>
      `  ${one.threads}: ${speed(one.idleTokensPerSecond)}, ${speed(one.busyTokensPerSecond)} beside busy programs${one.threads === report.chosenThreads ? "  <" : ""}`,
  );
  const lines = [`${report.model} ${report.quantization ?? ""}`, ...runs];
  if (threads.length > 0) lines.push("threads", ...threads);
  return `${lines.join("\n")}\n`;
}
