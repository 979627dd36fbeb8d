import type { Gpu } from "@deskside/contract";

/** Devices that turn the same share of their peak bandwidth into tokens. */
export type DeviceGroup =
  | "nvidia"
  | "nvidia-fast"
  | "nvidia-hbm"
  | "nvidia-unified"
  | "amd"
  | "amd-rdna4"
  | "amd-unified"
  | "apple"
  | "apple-ultra"
  | "intel";

/** Above this (bytes per second) llama.cpp no longer keeps an NVIDIA card's memory busy. */
const fastBandwidth = 1.1e12;

/** CUDA capabilities of the chips with stacked memory: A100, H100 and H200, B200. */
const stackedMemory = new Set(["8.0", "9.0", "10.0", "10.3"]);

/**
 * Null for devices that have no speed worth a prediction (software) or about which nothing is known.
 * A MIG slice counts by its own bandwidth.
 */
export function deviceGroupOf(gpu: Gpu): DeviceGroup | null {
  switch (gpu.vendor) {
    case "nvidia":
      if (gpu.unified) return "nvidia-unified";
      if (stackedMemory.has(gpu.capability ?? "") || /\b[abh][1-3]00\b/i.test(gpu.name)) return "nvidia-hbm";
      return (gpu.bandwidthBytesPerSecond ?? 0) > fastBandwidth ? "nvidia-fast" : "nvidia";
    case "amd":
      if (gpu.unified) return "amd-unified";
      return isRdna4(gpu) ? "amd-rdna4" : "amd";
    case "apple":
      return /\bultra\b/i.test(gpu.name) ? "apple-ultra" : "apple";
    case "intel":
      return "intel";
    default:
      return null;
  }
}

function isRdna4(gpu: Gpu): boolean {
  return /^gfx12/i.test(gpu.capability ?? "") || /\brx ?90\d0\b|\br9700\b/i.test(gpu.name);
}
