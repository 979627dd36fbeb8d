import type { FoundGpu } from "../found-gpu.ts";

const GiB = 1024 ** 3;

/**
 * The GPU of an Apple chip may use a part of the memory (`recommendedMaxWorkingSetSize`), which only Metal tells. Until
 * an engine has asked Metal, the smallest default in circulation stands: two thirds up to 36 GiB, three quarters above
 * (seen in use: 74 % of 16 and 24 GiB, 84 % of 128 GiB). A limit that an administrator set is taken as it is.
 */
export function withAppleMemory(gpu: FoundGpu, memoryBytes: number, freeBytes: number): FoundGpu {
  if (memoryBytes <= 0) return { ...gpu, unified: true };
  const share = memoryBytes <= 36 * GiB ? (memoryBytes * 2) / 3 : (memoryBytes * 3) / 4;
  const total = Math.floor(Math.min(gpu.vramTotalBytes ?? share, memoryBytes));
  return { ...gpu, unified: true, vramTotalBytes: total, vramFreeBytes: Math.min(total, freeBytes) };
}
