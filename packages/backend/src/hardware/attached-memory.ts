import type { DeviceMemory, FitPlan, MemoryUse } from "@deskside/contract";
import { type EstimateMemory, type ModelShape, shapeOfHeader } from "@deskside/hardware";
import type { Attached } from "../library/attachments/attachments.ts";

/** What is loaded with a model takes memory too. Bytes, by device as in the estimate of the model alone. */
interface AttachedMemory {
  /** As long as the model is loaded: a draft model, adapters of every answer. */
  withModel(alone: MemoryUse, plan: FitPlan): MemoryUse;
  /** From the first answer that asks for it: a second cache, and adapters by name. Kept free, not counted as taken. */
  onRequest(alone: MemoryUse, plan: FitPlan): MemoryUse;
}

export function createAttachedMemory({ adapters, draft }: Attached, estimate: EstimateMemory): AttachedMemory {
  const always = sum(adapters.filter(({ name }) => name === null).map(({ sizeBytes }) => sizeBytes));
  const named = adapters.filter(({ name }) => name !== null);
  const draftShape = draft && shapeOfHeader(draft.header);

  return {
    withModel(alone, plan) {
      const withAdapters = spread(alone, always, plan);
      if (!draftShape) return withAdapters;
      const taken = draftDevices(draftShape, plan, estimate);
      return change(withAdapters, (device) => {
        const more = taken.get(device.name);
        return more ? plus(device, more) : device;
      });
    },
    onRequest(alone, plan) {
      if (named.length === 0) return change(alone, () => null);
      // One adapter at a time has a cache beside the plain one: the largest counts.
      const weights = spread(alone, Math.max(...named.map(({ sizeBytes }) => sizeBytes)), plan);
      return change(weights, (device, at) => {
        const before = alone.devices[at]?.weightsBytes ?? 0;
        const { kvBytes, bufferBytes } = device;
        const weightsBytes = device.weightsBytes - before;
        return { ...device, weightsBytes, overheadBytes: 0, bytes: weightsBytes + kvBytes + bufferBytes };
      });
    },
  };
}

/** Of two estimates of the same plan. */
export function addUse(a: MemoryUse, b: MemoryUse): MemoryUse {
  const more = new Map(b.devices.map((device) => [device.name, device]));
  return change(a, (device) => {
    const other = more.get(device.name);
    return other ? plus(device, other) : device;
  });
}

/** The engine puts it on the GPU when all of the model is there, else into RAM. */
function draftDevices(shape: ModelShape, plan: FitPlan, estimate: EstimateMemory): Map<string, DeviceMemory> {
  const onGpu = plan.api !== "none" && plan.gpuLayers >= plan.totalLayers;
  const [first] = plan.devices;
  const totalLayers = shape.layers.length + 1;
  const own: FitPlan =
    onGpu && first
      ? {
          ...plan,
          gpuLayers: totalLayers,
          totalLayers,
          slots: 1,
          kvType: "f16",
          devices: [{ ...first, layers: totalLayers }],
        }
      : { ...plan, api: "none", gpuLayers: 0, totalLayers, slots: 1, kvType: "f16", devices: [] };
  const use = estimate(shape, own);
  // The process and the driver's context are there already.
  const bare = use.devices.map((device) => ({
    ...device,
    overheadBytes: 0,
    bytes: device.bytes - device.overheadBytes,
  }));
  return new Map(bare.map((device) => [device.name, device]));
}

/** Weights of an adapter lie where the layers lie that they change. */
function spread(use: MemoryUse, bytes: number, plan: FitPlan): MemoryUse {
  const onGpu = plan.totalLayers === 0 ? 0 : plan.gpuLayers / plan.totalLayers;
  const gpuLayers = Math.max(1, plan.gpuLayers);
  return change(use, (device) => {
    const own = plan.devices.find(({ name }) => name === device.name);
    const share = device.name === "RAM" ? 1 - onGpu : onGpu * ((own?.layers ?? 0) / gpuLayers);
    const more = Math.round(bytes * share);
    return { ...device, weightsBytes: device.weightsBytes + more, bytes: device.bytes + more };
  });
}

function plus(a: DeviceMemory, b: DeviceMemory): DeviceMemory {
  return {
    name: a.name,
    weightsBytes: a.weightsBytes + b.weightsBytes,
    kvBytes: a.kvBytes + b.kvBytes,
    bufferBytes: a.bufferBytes + b.bufferBytes,
    overheadBytes: a.overheadBytes + b.overheadBytes,
    bytes: a.bytes + b.bytes,
  };
}

/** Null takes a device out. What RAM gains or loses is anonymous or counted as such. */
function change(use: MemoryUse, to: (device: DeviceMemory, at: number) => DeviceMemory | null): MemoryUse {
  const devices = use.devices.flatMap((device, at) => to(device, at) ?? []);
  const ram = (of: readonly DeviceMemory[]) => of.find(({ name }) => name === "RAM")?.bytes ?? 0;
  return {
    memoryBytes: sum(devices.map(({ bytes }) => bytes)),
    anonymousBytes: Math.max(0, use.anonymousBytes + ram(devices) - ram(use.devices)),
    devices,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
