import type { FitReason, LoadCause, ProbeNote, WhyCpu } from "@deskside/contract";
import { whyCpuReasons } from "@deskside/contract";
import { unknown } from "../format/formats.ts";
import type { Text } from "./use-text.ts";

export interface CauseDescription {
  /** What happened. */
  readonly what: string;
  /** What can be done. */
  readonly remedy: string;
}

export function describeLoadCause(cause: LoadCause, { t }: Text): CauseDescription {
  return { what: t(`hardware.cause.${cause}.what`), remedy: t(`hardware.cause.${cause}.remedy`) };
}

export function describeWhyCpu(reason: WhyCpu, { t }: Text): string {
  return t(`hardware.whyCpu.${reason}`);
}

/** The tool's own words stand behind the sentence where there are any. */
export function describeProbeNote(note: ProbeNote, { t }: Text): string {
  const text = t(`hardware.note.${note.code}`, { subject: note.subject });
  return note.detail === "" ? text : t("hardware.withDetail", { text, detail: note.detail });
}

/** One sentence of why a model fits or does not; figures that the reason lacks are dashes. */
export function describeFitReason({ code, data }: FitReason, text: Text): string {
  const { t, format } = text;
  const word = (key: string) => {
    const value = data[key];
    return value === undefined ? unknown : String(value);
  };
  const figure = (key: string) => (typeof data[key] === "number" ? data[key] : Number.NaN);
  const bytes = (key: string) => format.bytes(figure(key));
  switch (code) {
    case "all-on-gpu":
      return t("hardware.reason.all-on-gpu", {
        device: word("device"),
        bytes: bytes("bytes"),
        budget: bytes("budgetBytes"),
      });
    case "part-on-gpu":
      return t("hardware.reason.part-on-gpu", {
        layers: format.integer(figure("layers")),
        totalLayers: format.integer(figure("totalLayers")),
        ram: bytes("ramBytes"),
      });
    case "cpu-only-fits":
      return t("hardware.reason.cpu-only-fits", { ram: bytes("ramBytes"), free: bytes("freeBytes") });
    case "why-cpu": {
      const reason = whyCpuReasons.find((known) => known === data["reason"]);
      return reason === undefined ? word("reason") : describeWhyCpu(reason, text);
    }
    case "experts-in-ram":
      return t("hardware.reason.experts-in-ram");
    case "context-reduced":
      return t("hardware.reason.context-reduced", {
        from: format.compact(figure("from")),
        to: format.compact(figure("to")),
      });
    case "kv-quantized":
      return t("hardware.reason.kv-quantized", { kvType: word("kvType"), saved: bytes("savedBytes") });
    case "next-step":
      return t(figure("missingBytes") > 0 ? "hardware.reason.next-step" : "hardware.reason.next-step-fits", {
        quantization: word("quantization"),
        extra: bytes("extraBytes"),
        missing: bytes("missingBytes"),
      });
    case "smaller-model-better":
      return t("hardware.reason.smaller-model-better", {
        model: word("model"),
        quantization: word("quantization"),
        speed: format.speed(figure("tokensPerSecond")),
      });
    case "too-large":
      return t("hardware.reason.too-large", { needed: bytes("neededBytes"), budget: bytes("budgetBytes") });
    case "best-quality":
      return t("hardware.reason.best-quality", { quantization: word("quantization") });
    case "low-quality":
      return t("hardware.reason.low-quality", { quantization: word("quantization") });
    case "bandwidth-assumed":
      return t("hardware.reason.bandwidth-assumed", { rate: format.rate(figure("bytesPerSecond")) });
    case "slow":
      return t("hardware.reason.slow", { speed: format.speed(figure("tokensPerSecond")) });
  }
}
