import type { DeviceGroup } from "./device-group.ts";
import type { QuantClass } from "./quant-class.ts";

/** What a group of devices makes of its peak bandwidth, and what a token costs whatever its size. */
export interface DecodeConstants {
  /** Share of the peak bandwidth, by class of the weights. */
  readonly efficiency: Readonly<Record<QuantClass, number>>;
  /** Share of the peak bandwidth for a mixture of experts, over what is active. */
  readonly mixture: number;
  /** Seconds per token and layer: kernels are started, whatever they read. */
  readonly secondsPerLayer: number;
}
export type DecodeTable = Readonly<Record<DeviceGroup, DecodeConstants>>;

const group = (
  low: number,
  mid: number,
  high: number,
  mixture: number,
  microsecondsPerLayer: number,
): DecodeConstants => ({ efficiency: { low, mid, high }, mixture, secondsPerLayer: microsecondsPerLayer * 1e-6 });

/**
 * Fitted to published llama.cpp measurements, all rows of a group together; `npm run bench -- predictor --refit`
 * prints them again. Where a group has no row of a class: low = 0.8 · mid, high = mid. Mixtures were measured on
 * `nvidia`, `nvidia-unified`, `amd-unified` and (one row) `apple-ultra`; elsewhere the share is assumed. No row of
 * Intel is published: it takes the numbers of the older Radeons.
 */
export const decodeConstants: DecodeTable = {
  nvidia: group(0.47, 0.81, 0.88, 0.66, 40),
  "nvidia-fast": group(0.59, 0.74, 0.74, 0.5, 22),
  "nvidia-hbm": group(0.4, 0.5, 0.52, 0.5, 40),
  "nvidia-unified": group(0.69, 0.86, 0.87, 0.95, 27),
  amd: group(0.43, 0.54, 0.54, 0.5, 18),
  "amd-rdna4": group(0.69, 0.86, 0.86, 0.5, 2),
  "amd-unified": group(0.66, 0.83, 0.86, 0.65, 60),
  apple: group(0.55, 0.69, 0.85, 0.5, 25),
  "apple-ultra": group(0.55, 0.69, 0.86, 0.57, 131),
  intel: group(0.43, 0.54, 0.54, 0.5, 18),
};
