import { isIntegratedName, vendorOf } from "../graphics/gpu-names.ts";
import { type FoundGpu, normalBusId, unknownGpu } from "../found-gpu.ts";
import { numberOf } from "../loose-values.ts";
import type { ProbeSource } from "../source/probe-source.ts";

/** One `/sys/class/drm/card*` with a PCI device behind it. Bytes. */
export interface DrmCard {
  /** `/sys/class/drm/card0/device` */
  readonly folder: string;
  readonly gpu: FoundGpu;
  readonly kernelDriver: string | null;
  readonly pciId: string;
  /** amdgpu only: memory of the machine that the device may map. */
  readonly gttTotalBytes: number | null;
  readonly gttUsedBytes: number | null;
}

/**
 * Cards of the kernel's own list, for what no tool is needed: bus id, driver, and with amdgpu the true memory.
 * Files: https://docs.kernel.org/gpu/amdgpu/driver-misc.html (mem_info_*).
 */
export async function readDrmCards(source: ProbeSource): Promise<DrmCard[]> {
  const names = (await source.listFolder("/sys/class/drm")).filter((name) => /^card\d{1,3}$/.test(name)).slice(0, 64);
  const cards = await Promise.all(names.map((name) => readCard(source, `/sys/class/drm/${name}/device`)));
  return cards.filter((card) => card !== null);
}

async function readCard(source: ProbeSource, folder: string): Promise<DrmCard | null> {
  const read = async (file: string) => ((await source.readText(`${folder}/${file}`)) ?? "").slice(0, 4096).trim();
  const [vendorId, deviceId, uevent, product, ...sizes] = await Promise.all([
    read("vendor"),
    read("device"),
    read("uevent"),
    read("product_name"),
    read("mem_info_vram_total"),
    read("mem_info_vram_used"),
    read("mem_info_gtt_total"),
    read("mem_info_gtt_used"),
  ]);
  const vendor = vendorOf(vendorId ?? "", "");
  if (vendor === "unknown" || vendor === "apple") return null;
  const [total, used, gttTotal, gttUsed] = sizes.map(bytes);
  return {
    folder,
    kernelDriver: /^DRIVER=(\S+)$/m.exec(uevent ?? "")?.[1] ?? null,
    pciId: [vendorId, deviceId].map((id) => (id ?? "").toLowerCase().replace(/^0x/, "")).join(":"),
    gttTotalBytes: gttTotal ?? null,
    gttUsedBytes: gttUsed ?? null,
    gpu: {
      ...unknownGpu,
      vendor,
      name: product ?? "",
      busId: normalBusId(/^PCI_SLOT_NAME=(\S+)$/m.exec(uevent ?? "")?.[1]),
      unified: product && isIntegratedName(product, vendor) ? true : null,
      vramTotalBytes: total ? total : null,
      vramFreeBytes: total ? Math.max(0, total - (used ?? 0)) : null,
    },
  };
}

function bytes(text: string): number | null {
  const value = numberOf(text);
  return value !== null && value >= 0 && value <= 2 ** 50 ? value : null;
}
