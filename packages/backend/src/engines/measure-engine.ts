import type { DeviceMemory, MemoryUse } from "@deskside/contract";
import type { Loaded } from "@deskside/contract/engine";
import type { EngineClient } from "./engine-process.ts";

/**
 * What an engine takes now. RAM is the highest resident set its process had; what llama.cpp did not list as a buffer
 * (Node, the library, pages of the tokenizer) is overhead. For a GPU only the listed buffers are known: what the driver
 * takes besides is in the monitor, as part of the device's used memory. A context that was made after the load, for
 * answers that asked for it, is in neither the prediction nor here. Bytes.
 */
export async function measureEngine(client: EngineClient, loaded: Loaded): Promise<MemoryUse> {
  const memory = await client.memory();
  const { onRequestBytes } = memory;
  const peak = (memory.peakBytes ?? memory.residentBytes) - onRequestBytes;
  const devices = loaded.buffers.map((device) => (device.name === "RAM" ? residentSet(device, peak) : device));
  return {
    memoryBytes: devices.reduce((sum, device) => sum + device.bytes, 0),
    anonymousBytes: memory.anonymousBytes === null ? peak : memory.anonymousBytes - onRequestBytes,
    devices,
  };
}

/** Weights that are mapped and were not read yet are listed and not resident: they cannot exceed the whole. */
function residentSet(listed: DeviceMemory, peak: number): DeviceMemory {
  const kvBytes = Math.min(listed.kvBytes, peak);
  const bufferBytes = Math.min(listed.bufferBytes, peak - kvBytes);
  const weightsBytes = Math.min(listed.weightsBytes, peak - kvBytes - bufferBytes);
  const overheadBytes = peak - kvBytes - bufferBytes - weightsBytes;
  return { name: listed.name, weightsBytes, kvBytes, bufferBytes, overheadBytes, bytes: peak };
}
