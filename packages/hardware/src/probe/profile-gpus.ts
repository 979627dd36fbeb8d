import type { Gpu, GpuApi, ProbeNote } from "@deskside/contract";
import { withApuMemory } from "./amd/apu-memory.ts";
import { withAppleMemory } from "./apple/apple-memory.ts";
import { type FoundGpu, normalBusId } from "./found-gpu.ts";
import { type GpuTable, lookUpGpu } from "./gpu-table/gpu-table.ts";
import { isIntegratedName } from "./graphics/gpu-names.ts";
import { note } from "./probe-notes.ts";

export interface ProfileContext {
  readonly platform: string;
  readonly arch: string;
  readonly memoryTotalBytes: number;
  readonly memoryFreeBytes: number;
  readonly gpuTable: GpuTable;
  /** The vendor's tool said so, or there is none and the kernel has no driver of the vendor. */
  readonly nvidiaDriver: "works" | "hangs" | "not-loaded" | "unknown";
}

/** A device of the profile with the number its vendor's tool gives it. */
export interface ProfiledGpu {
  readonly gpu: Gpu;
  readonly index: number | null;
}

/** Merged devices as the profile has them, best first: discrete before shared, then by bandwidth and memory. */
export function profileGpus(
  found: readonly FoundGpu[],
  context: ProfileContext,
): { gpus: ProfiledGpu[]; notes: ProbeNote[] } {
  const notes: ProbeNote[] = [];
  const numbers = new Map<string, number>();
  const ids = new Set<string>();
  const gpus = found.slice(0, 64).map((one): ProfiledGpu => {
    const count = numbers.get(one.vendor) ?? 0;
    numbers.set(one.vendor, count + 1);
    const gpu = toGpu(withSharedMemory(one, context, notes), count, context, notes);
    // A tool that gives two devices one bus id must not make one of them unreachable.
    const id = ids.has(gpu.id) ? `${gpu.id}#${count}` : gpu.id;
    ids.add(id);
    return { gpu: { ...gpu, id }, index: one.index };
  });
  return { gpus: gpus.sort((a, b) => compare(a.gpu, b.gpu)), notes };
}

/** Memory of devices that share the machine's. GB10 and Jetson report none: theirs is the machine's RAM. */
function withSharedMemory(found: FoundGpu, context: ProfileContext, notes: ProbeNote[]): FoundGpu {
  if (found.vendor === "apple") {
    if (found.vramTotalBytes === null)
      notes.push(note("vram-corrected", found.name, "by Apple's default, not by Metal"));
    return withAppleMemory(found, context.memoryTotalBytes, context.memoryFreeBytes);
  }
  const gpu = withApuMemory(found, context.memoryTotalBytes);
  if (gpu.vendor !== "nvidia" || gpu.vramTotalBytes !== null || !isIntegratedName(gpu.name, "nvidia")) return gpu;
  if (context.memoryTotalBytes === 0) return { ...gpu, unified: true };
  return {
    ...gpu,
    unified: true,
    vramTotalBytes: context.memoryTotalBytes,
    vramFreeBytes: context.memoryFreeBytes,
  };
}

function toGpu(found: FoundGpu, number: number, context: ProfileContext, notes: ProbeNote[]): Gpu {
  const sized = found.unified && context.memoryTotalBytes > 0 ? context.memoryTotalBytes : found.vramTotalBytes;
  const { migUuid, vendor, name } = found;
  const entry = lookUpGpu(context.gpuTable, { name, vendor, memoryBytes: sized, gpuCores: found.gpuCores });
  const bandwidth = migUuid === null ? entry.bandwidthBytesPerSecond : shareOfBoard(found, entry);
  const unified = found.unified ?? entry.unified ?? false;
  const api = apiOf(found, context);
  if (vendor !== "software" && api === "none") notes.push(note("gpu-without-api", name));
  const vramTotalBytes = found.vramTotalBytes ?? (unified ? null : confirmed(found.doubtfulBytes, entry.memoryGB));
  if (!unified && vendor !== "software" && vramTotalBytes === null) notes.push(note("vram-unknown", name));
  const busId = normalBusId(found.busId);
  return {
    id: migUuid ?? busId ?? found.uuid ?? `${vendor}-${number}`,
    vendor,
    name,
    unified,
    vramTotalBytes,
    vramFreeBytes: found.vramTotalBytes === null ? null : found.vramFreeBytes,
    driver: found.driver,
    api,
    bandwidthBytesPerSecond: bandwidth,
    bandwidthSource: bandwidth === null ? null : "table",
    tableId: entry.id,
    capability: found.capability ?? entry.capability,
    migUuid,
  };
}

/** A slice has the share of its board's bandwidth that it has of the memory (NVIDIA, MIG user guide: memory slices). */
function shareOfBoard(slice: FoundGpu, board: { bandwidthBytesPerSecond: number | null; memoryGB: readonly number[] }) {
  const whole = Math.max(0, ...board.memoryGB);
  const part = Number(/\.(\d{1,4})gb/i.exec(slice.name)?.[1] ?? 0);
  if (board.bandwidthBytesPerSecond === null || whole === 0 || part === 0) return null;
  return Math.round(board.bandwidthBytesPerSecond * Math.min(1, part / whole));
}

/** A doubtful size stands when the card is sold with it; the end of a 32-bit field only when it is sold with nothing else. */
function confirmed(bytes: number | null, memoryGB: readonly number[]): number | null {
  const gigabytes = bytes === null ? null : bytes / 1024 ** 3;
  if (gigabytes === null) return null;
  const isCap = gigabytes < 4 && gigabytes > 3.99;
  const sold = isCap ? memoryGB.length === 1 && memoryGB[0] === 4 : memoryGB.includes(gigabytes);
  return sold ? bytes : null;
}

/** How llama.cpp would reach the device, if its engine program is there. Metal: Apple's own chips only. */
function apiOf({ vendor, working }: FoundGpu, { platform, arch, nvidiaDriver }: ProfileContext): GpuApi {
  if (vendor === "software" || vendor === "unknown") return "none";
  if (platform === "darwin") return vendor === "apple" && arch === "arm64" ? "metal" : "none";
  if ((platform !== "linux" && platform !== "win32") || vendor === "apple" || working === false) return "none";
  if (vendor !== "nvidia") return "vulkan";
  if (working === true || nvidiaDriver === "works" || nvidiaDriver === "hangs") return "cuda";
  // Windows always has NVIDIA's Vulkan driver beside its display driver; on Linux nothing is known without the tool.
  return nvidiaDriver === "unknown" && platform === "win32" ? "vulkan" : "none";
}

function compare(a: Gpu, b: Gpu): number {
  const usable = (gpu: Gpu) => (gpu.api === "none" ? 1 : 0);
  return (
    usable(a) - usable(b) ||
    Number(a.unified) - Number(b.unified) ||
    (b.bandwidthBytesPerSecond ?? 0) - (a.bandwidthBytesPerSecond ?? 0) ||
    (b.vramTotalBytes ?? 0) - (a.vramTotalBytes ?? 0)
  );
}
