import type { FitReport } from "@deskside/contract";
import { createWords, describeFitReason } from "@deskside/ui/words";
import { openAdvisor } from "../open-advisor.ts";
import { systemLanguages } from "../report-failure.ts";

export interface FitOptions {
  dataDir: string;
  /** A file, an installed model, or a catalogue id with an optional `:quantization`. */
  model: string;
  contextSize: number | null;
  slots: number;
  /** A recorded machine instead of this one. */
  fixture: string | null;
  json: boolean;
}

/** Says what a model would take on this machine, before anything is loaded or downloaded. */
export async function fit(options: FitOptions): Promise<void> {
  await using advisor = await openAdvisor(options);
  const { model, contextSize, slots } = options;
  const report = await advisor.fit({ model, contextSize, slots });
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : describe(report));
}

function describe(report: FitReport): string {
  const words = createWords(systemLanguages());
  const { format } = words;
  const { plan, predicted } = report;
  const speed = (perSecond: number | null) => (perSecond === null ? "–" : format.speed(perSecond));
  const where = plan.api === "none" ? "CPU" : `${plan.api}, ${plan.gpuLayers}/${plan.totalLayers}`;
  const lines = [
    `${report.model}${report.quantization ? ` ${report.quantization}` : ""}: ${report.grade}`,
    `  ${where}, ${plan.contextSize} × ${plan.slots}, KV ${plan.kvType}, ${plan.threads} threads`,
    ...predicted.devices.map((device) => `  ${device.name}: ${format.bytes(device.bytes)}`),
    `  ~ ${speed(predicted.tokensPerSecond)}, prompt ${speed(predicted.promptTokensPerSecond)}`,
    ...report.because.map((reason) => `  - ${describeFitReason(reason, words)}`),
    ...report.alternatives.map(
      (other) =>
        `  > ${other.model} ${other.quantization ?? ""}: ${other.grade}, ${format.bytes(other.memoryBytes)}, ~ ${speed(other.tokensPerSecond)}`,
    ),
  ];
  return `${lines.join("\n")}\n`;
}
