import type { Gpu } from "@deskside/contract";
import { type DeviceGroup, deviceGroupOf } from "./device-group.ts";
import type { DeviceReads } from "./read-bytes.ts";

/**
 * Operations of a prompt over the peak the table of GPUs states: medians of published llama.cpp measurements of 512
 * tokens and more. Above 1 because the table counts an NVIDIA card without its tensor cores. One row for `amd`, two for
 * `nvidia-fast`, none for `intel`, which takes the number of `amd`.
 */
export const promptUtilisation: Readonly<Record<DeviceGroup, number>> = {
  nvidia: 1.65,
  "nvidia-fast": 1.8,
  "nvidia-hbm": 1.15,
  "nvidia-unified": 1.35,
  amd: 0.4,
  "amd-rdna4": 0.74,
  "amd-unified": 0.64,
  apple: 0.62,
  "apple-ultra": 0.65,
  intel: 0.4,
};

/** A mixture splits a batch into small matrices: 0.35 of the dense rate on 26 rows, 0.64 on 3. */
const mixtureFactor = 0.4;

/** Seconds per token of a prompt, in batches that fill the device: two operations per active parameter. */
export function promptSecondsOnGpu(
  read: DeviceReads,
  gpu: Gpu,
  tflops: number | null,
  mixture: boolean,
): number | null {
  const group = deviceGroupOf(gpu);
  if (!group || !tflops) return null;
  const reached = tflops * 1e12 * promptUtilisation[group] * (mixture ? mixtureFactor : 1);
  return (2 * read.parameters) / reached;
}
