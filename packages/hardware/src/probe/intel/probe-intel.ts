import { jsonIn } from "../amd/rocm-smi.ts";
import { isIntegratedName, tidyGpuName } from "../graphics/gpu-names.ts";
import { type FoundGpu, type Probed, unknownGpu } from "../found-gpu.ts";
import { bytesOf, listOf, numberOf, recordOf, textOf } from "../loose-values.ts";
import { noteOfCommand } from "../probe-notes.ts";
import type { CommandResult, ProbeSource } from "../source/probe-source.ts";

const detailLimitMs = 1500;

/** Asks xpu-smi for its devices, then for each device's memory. */
export async function probeIntel(source: ProbeSource, signal?: AbortSignal): Promise<Probed> {
  const discovery = await source.run("xpu-smi", ["discovery", "-j"], { signal });
  const devices = discovery.status === "done" ? parseXpuDevices(discovery.stdout) : null;
  if (!devices) return { gpus: [], notes: noteOfCommand("xpu-smi", discovery) };
  const gpus = await Promise.all(
    devices.map(async (gpu) => {
      const args = ["discovery", "-d", String(gpu.index ?? 0), "-j"];
      const answer = await source.run("xpu-smi", args, { signal, limitMs: detailLimitMs });
      return { ...gpu, ...memoryOf(answer, gpu) };
    }),
  );
  return { gpus, notes: [] };
}

/**
 * `xpu-smi discovery -j`: `{"device_list": [{"device_id": 0, "device_name": "…", "pci_bdf_address": "…"}]}`; one device
 * alone (`-d 0`) is that object itself. Source: intel/xpumanager's smi_user_guide. Null = not that.
 */
export function parseXpuDevices(text: string): FoundGpu[] | null {
  const report = recordOf(jsonIn(text));
  if (!report) return null;
  const list = "device_list" in report ? listOf(report["device_list"]) : "device_name" in report ? [report] : null;
  if (!list) return null;
  return list.flatMap((entry, at) => {
    const device = recordOf(entry);
    if (!device || /cpu|fpga/i.test(textOf(device["device_type"]))) return [];
    const name = textOf(device["device_name"]);
    const index = numberOf(device["device_id"]);
    const total = bytesOf(device["memory_physical_size_byte"], "b") || null;
    const free = bytesOf(device["memory_free_size_byte"], "b");
    return [
      {
        ...unknownGpu,
        vendor: "intel",
        name: tidyGpuName(name, "intel"),
        busId: textOf(device["pci_bdf_address"]) || null,
        uuid: textOf(device["uuid"]) || null,
        index: index !== null && Number.isInteger(index) && index >= 0 ? index : at,
        unified: isIntegratedName(name, "intel"),
        vramTotalBytes: total,
        vramFreeBytes: total !== null && free !== null ? Math.min(total, free) : null,
        driver: textOf(device["driver_version"]) || null,
        working: true,
      },
    ];
  });
}

function memoryOf(answer: CommandResult, gpu: FoundGpu): Partial<FoundGpu> {
  const own = answer.status === "done" ? parseXpuDevices(answer.stdout)?.[0] : undefined;
  if (!own) return {};
  return {
    vramTotalBytes: own.vramTotalBytes ?? gpu.vramTotalBytes,
    vramFreeBytes: own.vramFreeBytes ?? gpu.vramFreeBytes,
    driver: own.driver ?? gpu.driver,
  };
}

/** One line of `xpu-smi dump`: percent, watts, hertz, °C, bytes; null = not reported. */
export interface XpuReading {
  readonly device: number;
  readonly utilisation: number | null;
  readonly power: number | null;
  readonly clock: number | null;
  readonly temperature: number | null;
  readonly usedBytes: number | null;
}

/**
 * `xpu-smi dump -d 0 -m 0,1,2,3,18 -i 1 -n 1`: CSV whose header names the columns. Branches call the utilisation
 * "Average % utilization of all GPU Engines" or "GPU Utilization (%)".
 */
export function parseXpuDump(text: string): XpuReading[] {
  const lines = text.slice(0, 256 * 1024).split(/\r?\n/);
  const head = lines.findIndex((line) => /^\s*Timestamp\s*,\s*DeviceId/i.test(line));
  if (head < 0) return [];
  const names = (lines[head] ?? "").split(",").map((name) => name.trim());
  const column = (pattern: RegExp) => names.findIndex((name) => pattern.test(name));
  const at = {
    utilisation: column(/% utilization of all GPU engines|^GPU utilization/i),
    power: column(/^GPU power/i),
    clock: column(/^GPU frequency/i),
    temperature: column(/^GPU core temperature/i),
    used: column(/^GPU memory used/i),
  };
  return lines.slice(head + 1, head + 257).flatMap((line) => {
    const values = line.split(",");
    const device = numberOf(values[1]);
    if (device === null || device < 0 || values.length !== names.length) return [];
    const positive = (index: number) => {
      const value = index < 0 ? null : numberOf(values[index]);
      return value !== null && value >= 0 ? value : null;
    };
    const [clock, used] = [positive(at.clock), positive(at.used)];
    return [
      {
        device,
        utilisation: positive(at.utilisation),
        power: positive(at.power),
        clock: clock === null ? null : clock * 1e6,
        temperature: positive(at.temperature),
        usedBytes: used === null ? null : Math.round(used * 1024 ** 2),
      },
    ];
  });
}
