import type { LayerShape, ModelShape } from "../model-shape.ts";

/** What is needed of a model of the catalogue. null = not found in a source. */
export interface CatalogueModelLike {
  readonly role: string;
  readonly params: {
    readonly totalB: number | null;
    readonly exactB: number | null;
    readonly fromF16FileB?: number | null | undefined;
  };
  readonly arch: {
    readonly gguf: string;
    readonly attention: string;
    readonly layers: number | null;
    readonly hidden: number | null;
    readonly heads: number | null;
    readonly kvHeads: number | null;
    readonly headDim: number | null;
    readonly valueDim: number | null;
    readonly ffn: number | null;
    readonly vocab: number | null;
    readonly contextTrained: number | null;
    readonly fullAttentionLayers: number | null;
    readonly swa: { readonly window: number | null; readonly layers: number | null } | null;
    readonly sharedKvLayers: number | null;
    readonly recurrent: {
      readonly convKernel: number | null;
      readonly stateDim: number | null;
      readonly keyHeads: number | null;
      readonly valueHeads: number | null;
      readonly innerSize: number | null;
      readonly layers: number | null;
    } | null;
    readonly moe: {
      readonly experts: number | null;
      readonly activeExperts: number | null;
      readonly expertFfn?: number | null | undefined;
      readonly denseLayers?: number | null | undefined;
    } | null;
    readonly mla: { readonly kvLoraRank: number; readonly ropeDim: number } | null;
    readonly kvHeadsFull?: number | null | undefined;
    readonly headDimFull?: number | null | undefined;
    readonly valueDimFull?: number | null | undefined;
  };
}

/** A file of the catalogue. Sizes: exact, or from a rounded label. */
export interface CatalogueFileLike {
  readonly quant: string;
  readonly sizeBytes: number | null;
  readonly sizeBytesApprox: number | null;
}

/** Bytes of a header for each token: text, type and merges. 36 to 39 in files with merges. */
const headerBytesPerToken = 39;
/** IQ1_S has 1.56; the rest of such a file is larger. */
const leastBitsPerWeight = 1.4;

/**
 * The shape of a model that is not here yet: layers of equal size, the embedding and the output matrix by their
 * dimensions at the mean bits of the file. Null when a dimension or the size is missing, and for sparse attention that
 * no formula here describes.
 */
export function shapeOfCatalogue(model: CatalogueModelLike, file: CatalogueFileLike): ModelShape | null {
  const { arch } = model;
  const fileBytes = file.sizeBytes ?? file.sizeBytesApprox;
  const billions = model.params.exactB ?? model.params.fromF16FileB ?? model.params.totalB;
  const { layers, hidden, heads, vocab, contextTrained } = arch;
  if (fileBytes === null || billions === null || layers === null || hidden === null) return null;
  if (heads === null || vocab === null || contextTrained === null || arch.attention === "v4-sparse") return null;
  // Fewer bits than any quantization has: the size of one part, or of another file.
  if (fileBytes * 8 < billions * 1e9 * leastBitsPerWeight) return null;
  const memories = layerMemories(arch, layers);
  const experts = expertsOf(arch);
  const feedForward = arch.ffn ?? (experts ? experts.used * experts.feedForward : null);
  if (memories === null || feedForward === null || experts === undefined) return null;
  const headerBytes = vocab * headerBytesPerToken;
  const tensorBytes = Math.max(fileBytes - headerBytes, 0);
  const encoder = arch.attention === "encoder";
  const parts = splitTensors({ tensorBytes, parameters: billions * 1e9, hidden, vocab, layers, encoder, experts });
  const type = mainType(file.quant);
  return {
    architecture: arch.gguf,
    quantization: file.quant,
    fileBytes,
    headerBytes,
    layers: memories.map((memory) => ({ ...memory, ...parts.layer, matrixBytesByType: parts.matrices(type) })),
    embeddingBytes: parts.embeddingBytes,
    outputBytes: parts.outputBytes,
    outputMatrixBytes: parts.outputBytes,
    tiedOutput: parts.tied,
    outputType: type === "Q4_K" || type === "Q5_K" ? "Q6_K" : type,
    hidden,
    heads,
    feedForward,
    vocabulary: vocab,
    contextTrained,
    slidingWindow: arch.swa?.window ?? null,
    experts,
    recurrentInner: arch.recurrent ? (innerOf(arch.recurrent) ?? 0) : 0,
    parameters: billions * 1e9,
    role: model.role === "embedding" ? "embedding" : model.role === "reranker" ? "reranker" : "chat",
    source: "catalogue",
  };
}

type Experts = ModelShape["experts"];

/** undefined = a mixture of which something is unknown. */
function expertsOf(arch: CatalogueModelLike["arch"]): Experts | undefined {
  if (arch.moe === null) return null;
  const { experts, activeExperts, expertFfn } = arch.moe;
  if (experts === null || activeExperts === null || !expertFfn) return undefined;
  return { total: experts, used: activeExperts, feedForward: expertFfn };
}

type Memory = Pick<LayerShape, "memory" | "kvHeads" | "keyLength" | "valueLength" | "stateBytes">;
const nothing: Memory = { memory: "none", kvHeads: 0, keyLength: 0, valueLength: 0, stateBytes: 0 };

/** Layers that see everything come last here: sums are right, the place of a layer in the file is not known. */
function layerMemories(arch: CatalogueModelLike["arch"], layers: number): Memory[] | null {
  if (arch.attention === "encoder") return repeat(nothing, layers);
  if (arch.mla) {
    const { kvLoraRank, ropeDim } = arch.mla;
    const latent = { memory: "latent", kvHeads: 1, keyLength: kvLoraRank + ropeDim, valueLength: kvLoraRank } as const;
    return repeat({ ...latent, stateBytes: 0 }, layers);
  }
  const full = attentionOf(
    arch,
    arch.kvHeadsFull ?? arch.kvHeads,
    arch.headDimFull ?? arch.headDim,
    arch.valueDimFull ?? arch.valueDim,
  );
  const sliding = attentionOf(arch, arch.kvHeads, arch.headDim, arch.valueDim);
  if (full === null || sliding === null) return null;
  const rest = restOf(arch, sliding, layers);
  if (rest === null) return null;
  const shared = arch.sharedKvLayers ?? 0;
  const fullLayers = Math.max(0, layers - rest.length - shared);
  return [...rest, ...repeat(nothing, shared), ...repeat(full, fullLayers)].slice(0, layers);
}

/** Sliding or recurrent layers; a count that is missing makes the whole unknown. */
function restOf(arch: CatalogueModelLike["arch"], sliding: Memory, layers: number): Memory[] | null {
  if (arch.recurrent) {
    const stateBytes = stateBytesOf(arch.recurrent);
    const count =
      arch.recurrent.layers ?? (arch.fullAttentionLayers === null ? null : layers - arch.fullAttentionLayers);
    return stateBytes === null || count === null
      ? null
      : repeat({ ...nothing, memory: "recurrent", stateBytes }, count);
  }
  if (!arch.swa) return [];
  if (arch.swa.layers === null || arch.swa.window === null) return null;
  return repeat({ ...sliding, memory: "sliding" }, arch.swa.layers);
}

function attentionOf(
  arch: CatalogueModelLike["arch"],
  kvHeads: number | null,
  keyLength: number | null,
  valueLength: number | null,
): Memory | null {
  if (kvHeads === null || keyLength === null) return null;
  return { memory: "full", kvHeads, keyLength, valueLength: valueLength ?? keyLength, stateBytes: 0 };
}

type Recurrent = NonNullable<CatalogueModelLike["arch"]["recurrent"]>;

function innerOf({ innerSize, valueHeads, stateDim }: Recurrent): number | null {
  return innerSize ?? (valueHeads === null || stateDim === null ? null : valueHeads * stateDim);
}

/** As in llama.cpp's n_embd_r and n_embd_s; for one sequence. */
function stateBytesOf(recurrent: Recurrent): number | null {
  const { convKernel, stateDim, keyHeads } = recurrent;
  const inner = innerOf(recurrent);
  if (convKernel === null || stateDim === null || keyHeads === null || inner === null) return null;
  return 4 * ((convKernel - 1) * (inner + 2 * keyHeads * stateDim) + stateDim * inner);
}

function repeat(memory: Memory, count: number): Memory[] {
  return Array.from({ length: Math.max(0, count) }, () => memory);
}

interface Whole {
  readonly tensorBytes: number;
  readonly parameters: number;
  readonly hidden: number;
  readonly vocab: number;
  readonly layers: number;
  readonly encoder: boolean;
  readonly experts: Experts;
}

/** Below so many parameters models take the embedding as output; the catalogue does not say. */
const tiedBelow = 4.5e9;

function splitTensors({ tensorBytes, parameters, hidden, vocab, layers, encoder, experts }: Whole) {
  const perParameter = parameters > 0 ? tensorBytes / parameters : 0;
  const matrixBytes = Math.min(hidden * vocab * perParameter, tensorBytes / 2);
  const tied = !encoder && parameters < tiedBelow;
  const outputBytes = encoder ? 0 : matrixBytes;
  const inLayers = Math.max(tensorBytes - matrixBytes - (tied ? 0 : outputBytes), 0) / layers;
  const expertShare = experts
    ? Math.min(0.98, (experts.total * 3 * hidden * experts.feedForward * layers) / Math.max(parameters, 1))
    : 0;
  const expertBytes = inLayers * expertShare;
  return {
    tied,
    embeddingBytes: matrixBytes,
    outputBytes,
    layer: { weightBytes: inLayers - expertBytes, expertBytes },
    matrices: (type: string) => mixOf(type, inLayers),
  };
}

/** Tensor type that holds most of a file, by the name of its mix. */
function mainType(quant: string): string {
  const name = quant.toUpperCase().replace(/^UD-/, "");
  return (
    /^(Q\d_K)(?:_|$)/.exec(name)?.[1] ??
    /^(?:I?Q\d_[01]|IQ4_NL|IQ4_XS|MXFP4|BF16|F16|F32|TQ\d_0)/.exec(name)?.[0] ??
    name
  );
}

/** `Q4_K_M` keeps a third of its bytes in Q6_K: the value and half of the down projections of Qwen and Llama files. */
function mixOf(type: string, bytes: number): Record<string, number> {
  if (type !== "Q4_K") return { [type]: bytes };
  return { Q4_K: bytes * 0.75, Q6_K: bytes * 0.25 };
}
