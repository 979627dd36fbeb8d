import type { MachineProfile, Prediction } from "@deskside/contract";
import { type Parts, partsOf } from "./memory-words.ts";

/** The memory that a model should fit into. Bytes. */
export interface FitLimit {
  readonly kind: "vram" | "ram";
  readonly totalBytes: number;
  /** What other programs held when the machine was detected. */
  readonly otherBytes: number;
}

/** Video memory of all usable cards with memory of their own or shared, else the machine's RAM. */
export function fitLimit(machine: MachineProfile): FitLimit {
  const cards = machine.gpus.filter(({ api, vendor }) => api !== "none" && vendor !== "software");
  const totalBytes = cards.reduce((sum, card) => sum + (card.vramTotalBytes ?? 0), 0);
  if (totalBytes > 0) {
    const freeBytes = cards.reduce((sum, card) => sum + (card.vramFreeBytes ?? card.vramTotalBytes ?? 0), 0);
    return { kind: "vram", totalBytes, otherBytes: Math.max(0, totalBytes - freeBytes) };
  }
  const { memory } = machine;
  return { kind: "ram", totalBytes: memory.totalBytes, otherBytes: memory.totalBytes - memory.freeBytes };
}

export interface FitBarFigures {
  readonly parts: Parts;
  /** What of a model for the cards lies in RAM, or does not fit into RAM. */
  readonly spillBytes: number;
  readonly usedBytes: number;
  readonly spareBytes: number;
}

/** One prediction as a bar under `limit`. */
export function fitFigures(predicted: Prediction, limit: FitLimit): FitBarFigures {
  const ram = predicted.devices.filter(({ name }) => name === "RAM");
  const cards = predicted.devices.filter(({ name }) => name !== "RAM");
  const onCards = limit.kind === "vram" && cards.length > 0;
  const parts = partsOf(onCards ? cards : predicted.devices, limit.otherBytes);
  const usedBytes = parts.weights + parts.kv + parts.buffer + parts.other;
  const inRam = ram.reduce((sum, device) => sum + device.weightsBytes + device.kvBytes, 0);
  const spillBytes = onCards ? inRam : Math.max(0, usedBytes - limit.totalBytes);
  return { parts, spillBytes, usedBytes, spareBytes: limit.totalBytes - usedBytes };
}

/** Bytes of the full width for rows that are compared: the widest of them, but the limit keeps most of the width. */
export function sharedScale(rows: readonly FitBarFigures[], limit: FitLimit): number {
  const widest = Math.max(0, ...rows.map(({ spillBytes }) => spillBytes));
  return limit.totalBytes + Math.min(widest, limit.totalBytes / 2);
}
