import type { FitPlan, MemoryUse } from "@deskside/contract";
import { type Calibration, noCalibration } from "@deskside/hardware";
import type { LoadRecord } from "@deskside/storage";

/** Newer measurements of a machine count; a driver or another program may have changed it since the older ones. */
const newest = 15;
/** A factor beyond this says that something else went on, not that the formula is off. */
const [least, most] = [0.3, 3];

/**
 * What was learned on this machine: measured ÷ predicted, the median over the newest loads of the same kind (same API;
 * for memory also the same model). Records hold predictions as they were before any correction.
 */
export function calibrationFrom(records: readonly LoadRecord[], api: FitPlan["api"], modelKey: string): Calibration {
  const sameApi = records.filter((record) => record.plan.api === api && record.purpose === "load");
  const ofModel = sameApi.filter((record) => record.modelKey === modelKey);
  const ratios = (of: readonly LoadRecord[], ratio: (record: LoadRecord) => number | null) =>
    of.flatMap((record) => ratio(record) ?? []).slice(0, newest);
  const decode = (record: LoadRecord) => quotient(record.tokensPerSecond, record.predicted.tokensPerSecond);
  const prompt = (record: LoadRecord) => quotient(record.promptTokensPerSecond, record.predicted.promptTokensPerSecond);
  // Right after a load nothing is evaluated yet and the buffers are not all touched: only later figures count.
  const memory = (record: LoadRecord) =>
    record.tokensPerSecond === null ? null : quotient(ramOf(record.measured), ramOf(record.predicted));
  return {
    decode: factor(preferred(ratios(ofModel, decode), ratios(sameApi, decode)), noCalibration.decode),
    prompt: factor(preferred(ratios(ofModel, prompt), ratios(sameApi, prompt)), noCalibration.prompt),
    memory: factor(ratios(ofModel, memory), noCalibration.memory),
  };
}

function ramOf(use: MemoryUse): number | null {
  return use.devices.find(({ name }) => name === "RAM")?.bytes ?? null;
}

function preferred(own: readonly number[], all: readonly number[]): readonly number[] {
  return own.length > 0 ? own : all;
}

function quotient(measured: number | null, predicted: number | null): number | null {
  if (measured === null || predicted === null || measured <= 0 || predicted <= 0) return null;
  return measured / predicted;
}

function factor(ratios: readonly number[], unknown: number): number {
  if (ratios.length === 0) return unknown;
  const sorted = [...ratios].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? unknown;
  return Math.min(most, Math.max(least, median));
}
