import type { FitPlan, Gpu, MachineProfile, MemoryUse } from "@deskside/contract";

/** Devices of one API that share the layers, each with the bytes a model may take of it. */
export interface GpuSet {
  readonly api: Exclude<FitPlan["api"], "none">;
  readonly devices: readonly { readonly gpu: Gpu; readonly budgetBytes: number }[];
}

/** Of the total, what stays free at least: other programs and the driver move. */
const keptShare = 0.08;

/** Less than this to spare is tight; more must remain for a context larger than a person asked for. */
export const comfortBytes = 0.5e9;

/** Free now, less what stays free. Never negative. */
export function ramBudget({ memory }: Pick<MachineProfile, "memory">, keepFreeBytes: number): number {
  return Math.max(0, memory.freeBytes - Math.max(keepFreeBytes, memory.totalBytes * keptShare));
}

/** 0 where the system says neither what is free nor how large the device is. */
export function gpuBudget(gpu: Gpu, machine: MachineProfile, keepFreeBytes: number): number {
  const total = gpu.vramTotalBytes ?? gpu.vramFreeBytes ?? 0;
  const free = Math.max(0, (gpu.vramFreeBytes ?? total) - Math.max(keepFreeBytes, total * keptShare));
  return gpu.unified ? Math.min(free, ramBudget(machine, keepFreeBytes)) : free;
}

/** A device that a person would call a GPU: no software renderer. */
export function isRealGpu(gpu: Gpu): boolean {
  return gpu.vendor !== "software";
}

/**
 * What one engine process can reach through an API. A process sees one MIG slice, so the largest is taken alone;
 * llama.cpp leaves integrated devices out where there is a discrete one. Null without a usable device.
 */
export function gpuSetOf(api: GpuSet["api"], machine: MachineProfile, keepFreeBytes: number): GpuSet | null {
  const devices = machine.gpus
    .filter((gpu) => isRealGpu(gpu) && reaches(api, gpu))
    .map((gpu) => ({ gpu, budgetBytes: gpuBudget(gpu, machine, keepFreeBytes) }))
    .filter(({ budgetBytes }) => budgetBytes > 0);
  const whole = devices.filter(({ gpu }) => gpu.migUuid === null);
  const discrete = whole.filter(({ gpu }) => !gpu.unified);
  const chosen = discrete.length > 0 ? discrete : largest(whole);
  const slice = largest(devices.filter(({ gpu }) => gpu.migUuid !== null));
  const best = budgetSum(slice) > budgetSum(chosen) ? slice : chosen;
  return best.length > 0 ? { api, devices: best } : null;
}

/** CUDA devices are reached through Vulkan too; slices are not. */
function reaches(api: GpuSet["api"], gpu: Gpu): boolean {
  if (gpu.api === api) return true;
  return api === "vulkan" && gpu.api === "cuda" && gpu.migUuid === null;
}

type Budgeted = GpuSet["devices"][number];

function largest(devices: readonly Budgeted[]): readonly Budgeted[] {
  return devices.toSorted((a, b) => b.budgetBytes - a.budgetBytes).slice(0, 1);
}

export function budgetSum(devices: readonly { readonly budgetBytes: number }[]): number {
  return devices.reduce((sum, { budgetBytes }) => sum + budgetBytes, 0);
}

/**
 * Bytes that remain where it is narrowest, negative when it does not fit. Devices of the estimate are "RAM" and, in
 * the order of the plan, its GPUs. With everything offloaded the pages of the file may leave RAM again: only the
 * anonymous part counts. Shared memory counts once.
 */
export function spareBytes(
  use: MemoryUse,
  plan: FitPlan,
  machine: MachineProfile,
  keepFreeBytes: number,
): { readonly gpu: number | null; readonly ram: number } {
  const onGpus = use.devices.filter(({ name }) => name !== "RAM");
  const inRam = ramNeed(use, plan);
  const gpus = plan.devices.map(({ id }, index) => {
    const gpu = machine.gpus.find((candidate) => candidate.id === id);
    return { gpu, bytes: onGpus[index]?.bytes ?? 0 };
  });
  const shared = gpus.reduce((sum, { gpu, bytes }) => sum + (gpu?.unified ? bytes : 0), 0);
  const spare = gpus.map(({ gpu, bytes }) => (gpu ? gpuBudget(gpu, machine, keepFreeBytes) - bytes : -bytes));
  return {
    gpu: spare.length > 0 ? Math.min(...spare) : null,
    ram: ramBudget(machine, keepFreeBytes) - inRam - shared,
  };
}

function ramNeed(use: MemoryUse, plan: FitPlan): number {
  const ram = use.devices.find(({ name }) => name === "RAM")?.bytes ?? 0;
  return plan.api !== "none" && plan.gpuLayers >= plan.totalLayers ? Math.min(ram, use.anonymousBytes) : ram;
}
