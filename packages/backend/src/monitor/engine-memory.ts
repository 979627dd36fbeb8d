import type { DeviceMemory, EngineState } from "@deskside/contract";

export interface HeldMemory {
  readonly weightsBytes: number | null;
  readonly kvBytes: number | null;
  readonly bufferBytes: number | null;
}

export interface EngineMemory {
  /** Over all engines and devices. */
  readonly total: HeldMemory;
  /** By GPU id. */
  readonly byGpu: ReadonlyMap<string, HeldMemory>;
}

interface Device {
  readonly id: string;
  readonly name: string;
}

const nothing: HeldMemory = { weightsBytes: 0, kvBytes: 0, bufferBytes: 0 };
const unknown: HeldMemory = { weightsBytes: null, kvBytes: null, bufferBytes: null };

/**
 * What the loaded engines hold where, as they measured it, else as it was planned. Nothing is known of an engine that
 * is loading, nor of a GPU where an engine names a device that cannot be told from the others: null, not zero.
 */
export function engineMemory(engines: readonly EngineState[], gpus: readonly Device[]): EngineMemory {
  const byGpu = new Map(gpus.map(({ id }) => [id, nothing]));
  let total = nothing;
  for (const engine of engines) {
    if (engine.phase === "off" || engine.phase === "gave-up") continue;
    const devices = devicesOf(engine);
    if (!devices) {
      total = unknown;
      for (const { id } of gpus) byGpu.set(id, unknown);
      continue;
    }
    for (const device of devices) {
      total = plus(total, device);
      if (device.name === "RAM") continue;
      const gpu = findGpu(device.name, engine, gpus);
      for (const { id } of gpus) {
        if (gpu === null) byGpu.set(id, unknown);
        else if (id === gpu) byGpu.set(id, plus(byGpu.get(id) ?? nothing, device));
      }
    }
  }
  return { total, byGpu };
}

function devicesOf(engine: EngineState): readonly DeviceMemory[] | null {
  if (engine.phase !== "ready" && engine.phase !== "answering") return null;
  return (engine.measured ?? engine.predicted)?.devices ?? null;
}

/** An engine calls a device by the name of the GPU or by llama.cpp's number, such as "CUDA1". */
function findGpu(name: string, { plan }: EngineState, gpus: readonly Device[]): string | null {
  const planned = plan?.devices.filter((device) => device.name === name) ?? [];
  const named = gpus.filter((gpu) => gpu.name === name);
  const number = /^(?:CUDA|ROCm|Vulkan|Metal|SYCL|MTL)(\d*)$/.exec(name)?.[1];
  const numbered = number === undefined ? undefined : plan?.devices[Number(number || 0)];
  const found = [numbered, ...(planned.length === 1 ? planned : []), ...(named.length === 1 ? named : [])];
  const id = found.find((device) => device && gpus.some((gpu) => gpu.id === device.id))?.id;
  return id ?? (gpus.length === 1 ? (gpus[0]?.id ?? null) : null);
}

function plus(held: HeldMemory, device: DeviceMemory): HeldMemory {
  const add = (a: number | null, b: number) => (a === null ? null : a + b);
  return {
    weightsBytes: add(held.weightsBytes, device.weightsBytes),
    kvBytes: add(held.kvBytes, device.kvBytes),
    bufferBytes: add(held.bufferBytes, device.bufferBytes),
  };
}
