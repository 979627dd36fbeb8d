import type { FitPlan } from "@deskside/contract";
import type { LayerShape, ModelShape } from "../model-shape.ts";
import { batchOf, cellsOf, paddedTokens } from "./kv-cache.ts";

/** Scratch memory of one batch, by the moment that needs most. Bytes. */
export interface ComputeBuffer {
  /** What a batch of a prompt writes to: the attention or the feed-forward of one layer, whichever is larger. */
  readonly layerBytes: number;
  /** Reserved: also the moment when all tokens of a batch ask for their logits, which no conversation does. */
  readonly reservedBytes: number;
  /** Input and mask, which stay in RAM when a GPU computes. */
  readonly inputBytes: number;
  /** Beside the buffer: what recurrent layers take on the processor while they run. Measured on one width. */
  readonly workBytes: number;
}

/**
 * llama.cpp reserves the largest set of tensors alive at once in a graph over one batch. The terms were found by
 * loading models of every kind with an own output layer, a tiny one, with and without flash attention, and taking
 * the printed sizes apart (llama.cpp of node-llama-cpp 3.22.1); `npm run bench -- memory` compares them again.
 */
export function computeBufferOf(shape: ModelShape, plan: FitPlan): ComputeBuffer {
  const batch = batchOf(plan);
  /** Bytes of `width` floats for each token of the batch. */
  const floats = (width: number) => 4 * batch * width;
  const encoder = shape.layers.every((layer) => layer.memory === "none");
  const mask = maskBytes(shape, plan, encoder);
  const layerBytes = Math.max(
    ...shape.layers.map((layer) => attentionBytes(layer, shape, plan, floats) + mask),
    feedForwardBytes(shape, floats) + mask,
  );
  const logits = encoder ? 0 : floats(shape.vocabulary + 2 * shape.hidden) + heldWithLogits(shape, mask, floats);
  return {
    layerBytes,
    reservedBytes: Math.max(layerBytes, logits),
    inputBytes: floats(2 * shape.hidden) + mask,
    workBytes: floats(6 * shape.recurrentInner),
  };
}

/** Which token sees which: half floats with flash attention, floats without; one more for layers with a window. */
function maskBytes(shape: ModelShape, plan: FitPlan, encoder: boolean): number {
  const batch = batchOf(plan);
  const element = plan.flashAttention ? 2 : 4;
  if (encoder) return element * batch * batch;
  const sliding = shape.layers.find((layer) => layer.memory === "sliding");
  const attends = shape.layers.some((layer) => layer.memory === "full" || layer.memory === "latent");
  const cells = (attends ? paddedTokens(plan.contextSize) : 0) + (sliding ? cellsOf(sliding, shape, plan) : 0);
  return element * batch * cells;
}

function attentionBytes(
  layer: LayerShape,
  shape: ModelShape,
  plan: FitPlan,
  floats: (width: number) => number,
): number {
  const { hidden, heads } = shape;
  if (layer.memory === "recurrent") return floats(hidden + 7 * Math.max(shape.recurrentInner, hidden));
  const scores = plan.flashAttention ? 0 : floats(heads * scoredCells(layer, shape, plan));
  if (layer.memory === "latent") return scores + floats(hidden + heads * (layer.keyLength + 2 * layer.valueLength));
  const queries = heads * Math.max(layer.keyLength, Math.floor(hidden / Math.max(heads, 1)));
  const keys = layer.kvHeads * layer.keyLength || queries;
  return scores + floats(3 * hidden + 2 * queries + 2 * keys);
}

/** An encoder compares the batch with itself. */
function scoredCells(layer: LayerShape, shape: ModelShape, plan: FitPlan): number {
  return layer.memory === "none" && layer.kvHeads === 0 ? batchOf(plan) : cellsOf(layer, shape, plan);
}

function feedForwardBytes(shape: ModelShape, floats: (width: number) => number): number {
  const { hidden, experts } = shape;
  const dense = floats(3 * shape.feedForward + (encoderLike(shape) ? 0 : 4 * hidden));
  if (experts === null) return encoderLike(shape) ? floats(shape.feedForward + 3 * hidden) : dense;
  const inner = experts.used * experts.feedForward;
  const mixture = floats(Math.max(3 * inner + 4 * hidden, inner + 2 * experts.used * hidden + hidden));
  // Where all layers are mixtures, the dense width in the header is nobody's.
  return shape.layers.every((layer) => layer.expertBytes > 0) ? mixture : Math.max(mixture, dense);
}

function encoderLike(shape: ModelShape): boolean {
  return shape.layers.every((layer) => layer.memory === "none");
}

/** What the allocator cannot use again for the logits: it depends on the order of the graph. */
function heldWithLogits(shape: ModelShape, mask: number, floats: (width: number) => number): number {
  if (shape.layers.some((layer) => layer.memory === "recurrent")) return mask;
  if (shape.layers.some((layer) => layer.memory === "sliding")) return mask / 2;
  const latent = shape.layers.find((layer) => layer.memory === "latent");
  return latent ? floats(Math.max(0, shape.heads * latent.valueLength - 2 * shape.hidden)) : 0;
}
