import { jsonIn } from "../amd/rocm-smi.ts";
import { type FoundGpu, type Probed, unknownGpu } from "../found-gpu.ts";
import { bytesOf, listOf, numberOf, recordOf, textOf } from "../loose-values.ts";
import { noteOfCommand } from "../probe-notes.ts";
import type { CommandResult, ProbeSource } from "../source/probe-source.ts";
import { vendorOf } from "../graphics/gpu-names.ts";

/**
 * Asks macOS what its graphics are, and how much memory an administrator gave the GPU (`iogpu.wired_limit_mb`; 0 = as
 * Apple has it). `cpuName` as the system names the processor: every Apple chip has a GPU, also where system_profiler
 * was late or gave nothing.
 */
export async function probeApple(source: ProbeSource, cpuName: string, signal?: AbortSignal): Promise<Probed> {
  const [profiler, brand, wired] = await Promise.all([
    source.run("system_profiler", ["SPDisplaysDataType", "-json"], { signal }),
    source.run("sysctl", ["-n", "machdep.cpu.brand_string"], { signal }),
    source.run("sysctl", ["-n", "iogpu.wired_limit_mb"], { signal }),
  ]);
  const displays = parseDisplays(outputOf(profiler));
  const chip = textOf(outputOf(brand)) || cpuName;
  const gpus = displays ?? [];
  const none = !gpus.some((gpu) => gpu.vendor === "apple") && source.arch === "arm64" && /^Apple [AM]\d/.test(chip);
  const limit = numberOf(outputOf(wired));
  const set = limit !== null && limit > 0 ? bytesOf(limit, "mib") : null;
  return {
    notes: displays === null ? noteOfCommand("system_profiler", profiler) : [],
    gpus: [...gpus, ...(none ? [{ ...unknownGpu, vendor: "apple" as const, name: chip, unified: true }] : [])].map(
      (gpu) => (gpu.vendor === "apple" ? { ...gpu, vramTotalBytes: set, working: true } : gpu),
    ),
  };
}

function outputOf(result: CommandResult): string {
  return result.status === "done" && result.exitCode === 0 ? result.stdout : "";
}

/**
 * `system_profiler SPDisplaysDataType -json`: `sppci_model`, `sppci_cores`, `spdisplays_vram` ("8 GB"; dynamic sizes of
 * Intel's integrated graphics are under `spdisplays_vram_shared`). Null = not that.
 */
export function parseDisplays(text: string): FoundGpu[] | null {
  const list = recordOf(jsonIn(text))?.["SPDisplaysDataType"];
  if (!Array.isArray(list)) return null;
  return listOf(list, 32).flatMap((entry) => {
    const display = recordOf(entry);
    const name = textOf(display?.["sppci_model"]) || textOf(display?.["_name"]);
    if (!display || name === "") return [];
    const vendor = vendorOf("", `${textOf(display["spdisplays_vendor"])} ${name}`);
    const cores = numberOf(display["sppci_cores"]);
    const shared = vendor === "apple" || display["spdisplays_vram_shared"] !== undefined;
    return [
      {
        ...unknownGpu,
        vendor,
        name,
        unified: shared,
        vramTotalBytes: shared ? null : bytesOf(binary(textOf(display["spdisplays_vram"])), "mib") || null,
        gpuCores: cores !== null && cores > 0 ? cores : null,
      },
    ];
  });
}

/** Apple writes "GB" and "MB" for powers of two here. */
function binary(size: string): string {
  return size.replace(/\b([mg])b\b/i, "$1iB");
}
