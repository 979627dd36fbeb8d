import type { ProbeNote } from "@deskside/contract";
import { type FoundGpu, normalBusId, type Probed, unknownGpu } from "../found-gpu.ts";
import { listOf, numberOf, recordOf, textOf } from "../loose-values.ts";
import { note } from "../probe-notes.ts";
import { isIntegratedName, kindOfAdapter, tidyGpuName, vendorOf } from "./gpu-names.ts";

const MiB = 1024 ** 2;

/**
 * Devices in what systeminformation's `graphics()` gives, the base that the vendors' tools correct. Adapters that only
 * draw (remote desktop, virtual machines) are no devices. On Windows 4,095 MB is the cap of a 32-bit field and says
 * nothing about the card.
 */
export function parseControllers(answer: unknown, platform: string): Probed {
  const gpus: FoundGpu[] = [];
  const notes: ProbeNote[] = [];
  for (const entry of listOf(recordOf(answer)?.["controllers"])) {
    const controller = recordOf(entry);
    if (!controller) continue;
    const name = textOf(controller["model"]) || textOf(controller["name"]);
    const described = `${textOf(controller["vendor"])} ${name}`.trim();
    const kind = kindOfAdapter(described);
    if (described === "") continue;
    if (kind === "remote") notes.push(note("remote-display", name || described));
    else if (kind === "virtual") notes.push(note("gpu-without-api", name || described, "virtual display adapter"));
    else if (kind === "software") {
      notes.push(note("software-gpu", name || described));
      gpus.push({ ...unknownGpu, vendor: "software", name: name || described, unified: true, working: false });
    } else {
      const gpu = gpuOf(controller, name, described, platform);
      if (isCapped(numberOf(controller["vram"]), platform) && gpu.unified !== true) {
        notes.push(note("vram-corrected", gpu.name, "4095 MB is the cap of a 32-bit field"));
      }
      gpus.push(gpu);
    }
  }
  return { gpus, notes };
}

type Controller = Readonly<Record<string, unknown>>;

function gpuOf(controller: Controller, name: string, described: string, platform: string): FoundGpu {
  const vendor = vendorOf(textOf(controller["vendorId"]), described);
  const total = numberOf(controller["memoryTotal"]);
  const free = numberOf(controller["memoryFree"]);
  const used = numberOf(controller["memoryUsed"]);
  const raw = numberOf(controller["vram"]);
  const doubtful = isCapped(raw, platform) || (platform === "linux" && isPowerOfTwo(raw));
  const listed = doubtful ? null : raw;
  // What the library took from nvidia-smi is better than its own field.
  const megabytes = total !== null && total > 0 ? total : listed;
  const unified = isIntegratedName(name, vendor) || (controller["vramDynamic"] === true && vendor !== "nvidia");
  const vramTotalBytes = megabytes !== null && megabytes > 0 && megabytes < 4e6 ? Math.round(megabytes * MiB) : null;
  const freeMegabytes = free !== null && free > 0 ? free : total !== null && used !== null ? total - used : null;
  return {
    ...unknownGpu,
    vendor,
    name: tidyGpuName(name, vendor),
    busId: normalBusId(textOf(controller["pciBus"])) ?? normalBusId(textOf(controller["busAddress"])),
    unified: unified || (vendor === "nvidia" || vendor === "unknown" ? null : false),
    // A share of RAM that the firmware or the driver names is no size of an integrated device.
    vramTotalBytes: unified ? null : vramTotalBytes,
    vramFreeBytes:
      unified || vramTotalBytes === null || freeMegabytes === null || freeMegabytes < 0
        ? null
        : Math.min(vramTotalBytes, Math.round(freeMegabytes * MiB)),
    doubtfulBytes: doubtful && !unified && raw !== null && raw > 0 && raw < 4e6 ? raw * MiB : null,
    driver: textOf(controller["driverVersion"]) || null,
    gpuCores: coresOf(controller["cores"]),
    working: workingOf(textOf(controller["driver"])),
  };
}

/** AdapterRAM 4293918720 reads as 4,095 MB; a wrapped value is negative. */
function isCapped(megabytes: number | null, platform: string): boolean {
  if (megabytes === null) return false;
  return megabytes < 0 || (platform === "win32" && (megabytes === 4095 || megabytes === 4293918720));
}

/** By the kernel's driver where it is known: nouveau and pass-through stubs compute nothing. */
function workingOf(driver: string): boolean | null {
  if (driver === "") return null;
  return !/nouveau|vfio-pci|pci-stub|simpledrm|efifb/i.test(driver);
}

/** On Linux the library takes the size of the PCI window, 256 MB or the next power of two, for the memory. */
function isPowerOfTwo(megabytes: number | null): boolean {
  return megabytes !== null && megabytes > 0 && Number.isInteger(Math.log2(megabytes));
}

function coresOf(value: unknown): number | null {
  const cores = numberOf(value);
  return cores !== null && Number.isInteger(cores) && cores > 0 && cores < 10_000 ? cores : null;
}
