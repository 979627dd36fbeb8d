import type { DeviceMemory, FitPlan, MemoryUse } from "@deskside/contract";
import type { LayerShape, ModelShape } from "../model-shape.ts";
import { computeBufferOf } from "./compute-buffer.ts";
import { kvBytesOfLayer } from "./kv-cache.ts";
import { type Owner, ownersOf } from "./layer-owners.ts";
import { deviceOverheadBytes, engineProcessBytes } from "./process-memory.ts";
import { leavesOutAmx, repackedTypes } from "./repacking.ts";

export interface MemoryOptions {
  /** Of the processor, as in the machine's profile. They decide which weights are copied into another layout. */
  readonly instructionSets: readonly string[];
}

/**
 * What a load will take, per device: RAM first, then the GPUs of the plan in their order. RAM is the peak resident set
 * of the engine process after a prompt of at least one batch: mapped pages of the file count, since they are read
 * while it loads, and buffers count as far as they are written to. GPU memory counts as it is reserved.
 * Formulas: llama.cpp's llama-kv-cache, llama-model and ggml-cpu/repack; see the parts. Pages of weights that pass
 * through RAM on their way to a GPU are not counted: the system drops them.
 */
export function estimateMemory(shape: ModelShape, plan: FitPlan, options: MemoryOptions): MemoryUse {
  const owners = ownersOf(shape, plan);
  const ram = ramOf(shape, plan, owners, options);
  const gpus =
    plan.api === "none" ? [] : plan.devices.map((device, index) => gpuOf(shape, plan, owners, index, device.name));
  const devices = [ram.memory, ...gpus];
  return {
    memoryBytes: devices.reduce((sum, device) => sum + device.bytes, 0),
    anonymousBytes: Math.round(ram.anonymousBytes),
    devices,
  };
}

function ramOf(
  shape: ModelShape,
  plan: FitPlan,
  owners: readonly Owner[],
  options: MemoryOptions,
): { memory: DeviceMemory; anonymousBytes: number } {
  const layers = layersOf(shape, owners, "ram");
  const outputHere = owners.at(-1) === "ram";
  const mapped =
    shape.embeddingBytes +
    sum(layers, (layer) => layer.weightBytes + layer.expertBytes) +
    (plan.expertsInRam
      ? sum(shape.layers, (layer) => layer.expertBytes) - sum(layers, (layer) => layer.expertBytes)
      : 0) +
    (outputHere ? shape.outputBytes - (shape.tiedOutput ? shape.outputMatrixBytes : 0) : 0);
  const repacked = repackedBytes(shape, layers, outputHere, plan, options);
  const kvBytes = sum(layers, (layer) => kvBytesOfLayer(layer, shape, plan));
  const bufferBytes = ramBufferBytes(shape, plan, layers);
  const process = engineProcessBytes(shape, plan.api);
  return {
    memory: describe("RAM", {
      weightsBytes: mapped + repacked,
      kvBytes,
      bufferBytes,
      overheadBytes: process.anonymous + process.file,
    }),
    anonymousBytes: repacked + kvBytes + bufferBytes + process.anonymous,
  };
}

/** Copies in the CPU's layout. With a GPU that reads from ordinary memory the mapped file is used as it is. */
function repackedBytes(
  shape: ModelShape,
  layers: readonly LayerShape[],
  outputHere: boolean,
  plan: FitPlan,
  options: MemoryOptions,
): number {
  if (plan.api === "cuda" || plan.api === "vulkan") return 0;
  const { instructionSets } = options;
  const used = leavesOutAmx(shape, instructionSets)
    ? instructionSets.filter((name) => name !== "amx")
    : instructionSets;
  const types = repackedTypes(used);
  const ofLayers = sum(layers, (layer) =>
    Object.entries(layer.matrixBytesByType).reduce((bytes, [type, more]) => bytes + (types.has(type) ? more : 0), 0),
  );
  return ofLayers + (outputHere && types.has(shape.outputType) ? shape.outputMatrixBytes : 0);
}

function ramBufferBytes(shape: ModelShape, plan: FitPlan, layers: readonly LayerShape[]): number {
  const compute = computeBufferOf(shape, plan);
  const states = plan.slots * sum(layers, (layer) => layer.stateBytes);
  // node-llama-cpp keeps a copy of recurrent states in RAM to go back to: one, until a conversation is long.
  const copies = plan.slots * sum(shape.layers, (layer) => layer.stateBytes);
  const outputs = 4 * plan.slots * shape.vocabulary;
  return (
    (plan.api === "none" ? compute.layerBytes + compute.workBytes : compute.inputBytes) + states + copies + outputs
  );
}

function gpuOf(shape: ModelShape, plan: FitPlan, owners: readonly Owner[], device: number, name: string): DeviceMemory {
  const layers = layersOf(shape, owners, device);
  const outputHere = owners.at(-1) === device;
  const experts = plan.expertsInRam ? 0 : sum(layers, (layer) => layer.expertBytes);
  return describe(name, {
    weightsBytes: sum(layers, (layer) => layer.weightBytes) + experts + (outputHere ? shape.outputBytes : 0),
    kvBytes: sum(layers, (layer) => kvBytesOfLayer(layer, shape, plan)),
    bufferBytes: gpuBufferBytes(shape, plan, owners, device) + plan.slots * sum(layers, (layer) => layer.stateBytes),
    overheadBytes: deviceOverheadBytes[plan.api],
  });
}

/** A layer's largest matrix, of all its bytes: the down projection in the better half of a K mix. */
const largestMatrixShare = 0.4;

/** Long prompts of layers in RAM are computed on the first GPU as well: their matrices are copied there one by one. */
function gpuBufferBytes(shape: ModelShape, plan: FitPlan, owners: readonly Owner[], device: number): number {
  const compute = computeBufferOf(shape, plan);
  const own = owners.at(-1) === device ? compute.reservedBytes : compute.layerBytes;
  if (plan.api === "metal" || device !== 0) return own;
  const passing = layersOf(shape, owners, "ram").map(
    (layer) => (layer.weightBytes + layer.expertBytes) * largestMatrixShare,
  );
  const layerCopy = Math.max(0, ...passing);
  if (owners.at(-1) === "ram")
    return Math.max(compute.reservedBytes + shape.outputMatrixBytes, compute.layerBytes + layerCopy);
  return Math.max(own, compute.layerBytes + layerCopy);
}

function layersOf(shape: ModelShape, owners: readonly Owner[], owner: Owner): LayerShape[] {
  return shape.layers.filter((_, index) => owners[index] === owner);
}

function sum(layers: readonly LayerShape[], of: (layer: LayerShape) => number): number {
  return layers.reduce((total, layer) => total + of(layer), 0);
}

function describe(name: string, parts: Omit<DeviceMemory, "name" | "bytes">): DeviceMemory {
  const weightsBytes = Math.round(parts.weightsBytes);
  const kvBytes = Math.round(parts.kvBytes);
  const bufferBytes = Math.round(parts.bufferBytes);
  const overheadBytes = Math.round(parts.overheadBytes);
  return {
    name,
    weightsBytes,
    kvBytes,
    bufferBytes,
    overheadBytes,
    bytes: weightsBytes + kvBytes + bufferBytes + overheadBytes,
  };
}
