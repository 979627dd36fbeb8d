import type { FitPlan } from "@deskside/contract";
import { kvBytesPerElement } from "../memory/kv-cache.ts";
import type { LayerShape, ModelShape } from "../model-shape.ts";

/** What one token reads on one device. */
export interface DeviceReads {
  /** Index into `plan.devices`; -1 = the processor. */
  readonly device: number;
  /** Weights, of experts only those used. */
  readonly weightBytes: number;
  /** Cache and recurrent state. */
  readonly kvBytes: number;
  readonly layers: number;
  /** Parameters that take part, for the arithmetic of a prompt. */
  readonly parameters: number;
}

/**
 * What one token at `depth` reads, per device, in the order of execution. Layers are offloaded from the end
 * (llama.cpp `i_gpu_start`), the output matrix last; the embedding gives one row and counts as nothing.
 * A layer that shares the cache of another is counted without one.
 */
export function readsPerToken(shape: ModelShape, plan: FitPlan, depth: number): DeviceReads[] {
  const pieces = piecesOf(shape, plan, depth);
  const perByte = shape.fileBytes > 0 ? shape.parameters / shape.fileBytes : 0;
  const owners = ownersOf(plan, pieces.length);
  const reads = new Map<number, DeviceReads>();
  for (const [index, piece] of pieces.entries()) {
    const device = owners[index] ?? -1;
    const sum = reads.get(device) ?? { device, weightBytes: 0, kvBytes: 0, layers: 0, parameters: 0 };
    reads.set(device, {
      device,
      weightBytes: sum.weightBytes + piece.weightBytes,
      kvBytes: sum.kvBytes + piece.kvBytes,
      layers: sum.layers + (index < shape.layers.length ? 1 : 0),
      parameters: sum.parameters + piece.weightBytes * perByte,
    });
  }
  return [...reads.values()];
}

interface Piece {
  readonly weightBytes: number;
  readonly kvBytes: number;
}

function piecesOf(shape: ModelShape, plan: FitPlan, depth: number): Piece[] {
  const { experts } = shape;
  const used = experts && experts.total > 0 ? Math.min(1, experts.used / experts.total) : 1;
  const layers = shape.layers.map((layer) => ({
    weightBytes: layer.weightBytes + layer.expertBytes * used,
    kvBytes:
      cacheBytes(layer, Math.max(0, depth), shape.slidingWindow) * kvBytesPerElement[plan.kvType] +
      2 * layer.stateBytes,
  }));
  return [...layers, { weightBytes: shape.outputBytes, kvBytes: 0 }];
}

/** Values of the cache one token looks at. */
function cacheBytes(layer: LayerShape, depth: number, window: number | null): number {
  switch (layer.memory) {
    case "full":
      return depth * layer.kvHeads * (layer.keyLength + layer.valueLength);
    case "sliding":
      return Math.min(depth, window ?? depth) * layer.kvHeads * (layer.keyLength + layer.valueLength);
    case "latent":
      return depth * layer.kvHeads * layer.keyLength;
    default:
      return 0;
  }
}

/** For every layer and the output, the device it runs on. */
function ownersOf(plan: FitPlan, count: number): number[] {
  const offloaded = plan.api === "none" ? 0 : Math.max(0, Math.min(plan.gpuLayers, count));
  const owners = Array.from({ length: count - offloaded }, () => -1);
  for (const [index, device] of plan.devices.entries()) {
    for (let layer = 0; layer < device.layers && owners.length < count; layer++) owners.push(index);
  }
  const last = Math.max(0, plan.devices.length - 1);
  while (owners.length < count) owners.push(last);
  return owners;
}
