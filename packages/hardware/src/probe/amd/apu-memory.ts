import type { FoundGpu } from "../found-gpu.ts";
import { isIntegratedName } from "../graphics/gpu-names.ts";

const GiB = 1024 ** 3;

/**
 * An APU's own memory is what the firmware carved out; llama.cpp may use that and what the kernel lets it map (GTT), as
 * far as the machine has it. `memoryBytes` is the machine's without the carve-out, as the system shows it; 0 = unknown.
 */
export function withApuMemory(gpu: FoundGpu, memoryBytes: number): FoundGpu {
  if (gpu.vendor !== "amd") return gpu;
  const { sharedTotalBytes, sharedUsedBytes } = gpu;
  const carved = gpu.vramTotalBytes ?? 0;
  // Nothing sold as a card for years has 1 GiB or less, and with a card GTT is no budget.
  const looksShared = sharedTotalBytes !== null && carved <= GiB && sharedTotalBytes > carved;
  const unified = gpu.unified === true || isIntegratedName(gpu.name, "amd") || looksShared;
  if (!unified || sharedTotalBytes === null) return { ...gpu, unified };
  const mapped = memoryBytes > 0 ? Math.min(sharedTotalBytes, memoryBytes) : sharedTotalBytes;
  const total = carved + mapped;
  const used = carved - (gpu.vramFreeBytes ?? carved) + (sharedUsedBytes ?? 0);
  return {
    ...gpu,
    unified,
    vramTotalBytes: total > 0 ? total : null,
    vramFreeBytes: total > 0 ? Math.max(0, total - used) : null,
  };
}
