import type { EngineState, FitPlan } from "@deskside/contract";
import type { Text } from "../../i18n/use-text.ts";

/** Bits of one value in the cache, by its type. */
const kvBits: Record<FitPlan["kvType"], number> = {
  f32: 32,
  f16: 16,
  bf16: 16,
  q8_0: 8,
  q5_1: 5,
  q5_0: 5,
  q4_1: 4,
  q4_0: 4,
  iq4_nl: 4,
};

export function kvTypeWords(type: FitPlan["kvType"], { t }: Text): string {
  return t("settings.hardware.kvType.bits", { type, bits: kvBits[type] });
}

/** "Processor", or "CUDA, 20 of 33 layers". */
export function planDevice(plan: FitPlan, { t, format }: Text): string {
  if (plan.api === "none" || plan.gpuLayers === 0) return t("hardware.device.processor");
  const api = t(`hardware.api.${plan.api}`);
  const total = format.integer(plan.totalLayers);
  if (plan.gpuLayers >= plan.totalLayers) return t("hardware.device.allLayers", { api, total });
  return t("hardware.device.someLayers", { api, layers: format.integer(plan.gpuLayers), total });
}

export function planWords(plan: FitPlan, text: Text): string {
  return text.t("hardware.notice.plan", {
    device: planDevice(plan, text),
    size: text.format.compact(plan.contextSize),
    kvType: plan.kvType,
  });
}

/** What an engine runs on; empty while that is not known. */
export function deviceWords(engine: EngineState, text: Text): string {
  if (engine.plan) return planDevice(engine.plan, text);
  if (engine.gpu === null) return "";
  return engine.gpu === "none" ? text.t("hardware.device.processor") : engine.gpu;
}
