import type { FoundGpu } from "../found-gpu.ts";
import type { RegistryAdapter } from "../windows/registry-memory.ts";
import { plainName } from "./gpu-names.ts";

/** Gives devices without a trustworthy size the one that their driver wrote into the registry, matched by name. */
export function withRegistryMemory(gpus: readonly FoundGpu[], registry: readonly RegistryAdapter[]): FoundGpu[] {
  return gpus.map((gpu) => {
    if (gpu.vramTotalBytes !== null || gpu.unified === true) return gpu;
    const entry = registry.find((one) => plainName(one.name) === plainName(gpu.name));
    return entry ? { ...gpu, vramTotalBytes: entry.vramTotalBytes } : gpu;
  });
}
