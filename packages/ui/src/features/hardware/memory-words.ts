import type { DeviceMemory, MemoryUse } from "@deskside/contract";
import type { Text } from "../../i18n/use-text.ts";
import type { MemoryPart } from "../../primitives/index.ts";

/** "predicted 11.3 GB, used 11.1 GB", or what of it is known; null when nothing is. */
export function predictedUsed(
  predicted: MemoryUse | null,
  measured: MemoryUse | null,
  { t, format }: Text,
): string | null {
  const words = (use: MemoryUse) => format.bytes(use.memoryBytes);
  if (predicted && measured) {
    return t("hardware.predictedUsed", { predicted: words(predicted), used: words(measured) });
  }
  if (measured) return t("hardware.usedOnly", { used: words(measured) });
  return predicted ? t("hardware.predictedOnly", { predicted: words(predicted) }) : null;
}

export type Parts = Record<MemoryPart, number>;

/** The parts of a bar: what the driver and the program itself take is drawn with the buffers. */
export function partsOf(devices: readonly DeviceMemory[], otherBytes = 0): Parts {
  const sum = (pick: (device: DeviceMemory) => number) => devices.reduce((total, device) => total + pick(device), 0);
  return {
    weights: sum((device) => device.weightsBytes),
    kv: sum((device) => device.kvBytes),
    buffer: sum((device) => device.bufferBytes + device.overheadBytes),
    other: otherBytes,
  };
}

/** A bar in words: "Weights 8.4 GB, KV cache 1.6 GB, buffers 0.5 GB of 12 GB, 0.7 GB free". */
export function barWords(parts: Partial<Parts>, totalBytes: number, { t, format }: Text): string {
  const named = (["weights", "kv", "buffer", "other"] as const).flatMap((part) => {
    const bytes = parts[part] ?? 0;
    return bytes > 0 ? [t("hardware.bar.part", { name: t(`hardware.bar.${part}`), bytes: format.bytes(bytes) })] : [];
  });
  const used = Object.values(parts).reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0);
  const rest = totalBytes - used;
  if (named.length === 0) return t("hardware.bar.free", { bytes: format.bytes(totalBytes) });
  return [
    t("hardware.bar.of", { parts: named.join(t("common.listComma")), total: format.bytes(totalBytes) }),
    rest >= 0
      ? t("hardware.bar.free", { bytes: format.bytes(rest) })
      : t("hardware.bar.spill", { bytes: format.bytes(-rest) }),
  ].join(t("common.comma"));
}
