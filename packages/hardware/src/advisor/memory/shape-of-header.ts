import type { LayerShape, ModelShape } from "../model-shape.ts";
import { type HeaderLike, type HeaderValues, readHeaderValues } from "./header-values.ts";
import { describeLayerMemory } from "./layer-memory.ts";

type Tensor = HeaderLike["tensors"][number];

/**
 * The shape of a model from its checked GGUF header: sizes by the tensors themselves, names as in llama.cpp's
 * llama-arch.cpp. Null for an adapter, and for a header without layers.
 */
export function shapeOfHeader(header: HeaderLike): ModelShape | null {
  const layerCount = header.blockCount ?? 0;
  if (layerCount < 1 || header.embeddingLength === null) return null;
  const values = readHeaderValues(header);
  const { layers, rest } = splitByLayer(header.tensors, layerCount);
  const embedding = rest.filter((tensor) => tensor.name === "token_embd.weight");
  const matrix = rest.find((tensor) => tensor.name === "output.weight");
  const isInput = (tensor: Tensor) => inputTensors.test(tensor.name);
  const last = rest.filter((tensor) => !isInput(tensor));
  const encoder = !rest.some((tensor) => tensor.name.startsWith("output"));
  const tied = matrix === undefined && !encoder;
  const outputType = (matrix ?? embedding[0])?.type ?? "F32";
  const matrixBytes = encoder ? 0 : bytesOf(matrix ? [matrix] : embedding);
  return {
    architecture: header.architecture,
    quantization: header.quantization,
    fileBytes: header.parts?.reduce((sum, part) => sum + part.fileBytes, 0) ?? header.fileBytes,
    headerBytes: header.headerBytes,
    layers: layers.map((tensors, layer) => ({
      ...weightsOfLayer(tensors),
      ...describeLayerMemory(header, values, layer, layerCount),
    })),
    embeddingBytes: bytesOf(rest.filter(isInput)),
    outputBytes: bytesOf(last) + (tied ? matrixBytes : 0),
    outputMatrixBytes: matrixBytes,
    tiedOutput: tied,
    outputType,
    ...dimensionsOf(header, values),
    parameters: header.parameters,
    role: roleOf(header, values, encoder),
    source: "header",
  };
}

/** Read for every text before the first layer; llama.cpp keeps them in RAM whatever is offloaded. */
const inputTensors = /^(?:token_embd|token_types|position_embd|token_embd_norm|per_layer_token_embd)\./;

function splitByLayer(tensors: readonly Tensor[], layerCount: number): { layers: Tensor[][]; rest: Tensor[] } {
  const layers: Tensor[][] = Array.from({ length: layerCount }, () => []);
  const rest: Tensor[] = [];
  for (const tensor of tensors) {
    const layer = /^blk\.(\d+)\./.exec(tensor.name)?.[1];
    (layer === undefined ? rest : (layers[Number(layer)] ?? rest)).push(tensor);
  }
  return { layers, rest };
}

function bytesOf(tensors: readonly Tensor[]): number {
  return tensors.reduce((sum, tensor) => sum + tensor.bytes, 0);
}

const expertTensors = /\.ffn_(?:gate|up|down|gate_up)_exps\./;

function weightsOfLayer(
  tensors: readonly Tensor[],
): Pick<LayerShape, "weightBytes" | "expertBytes" | "matrixBytesByType"> {
  const experts = tensors.filter((tensor) => expertTensors.test(tensor.name));
  const matrixBytesByType: Record<string, number> = {};
  for (const tensor of tensors.filter(isRepackable)) {
    matrixBytesByType[tensor.type] = (matrixBytesByType[tensor.type] ?? 0) + tensor.bytes;
  }
  const expertBytes = bytesOf(experts);
  return { weightBytes: bytesOf(tensors) - expertBytes, expertBytes, matrixBytesByType };
}

/** Matrices that are multiplied, with rows in eights: what ggml-cpu/repack.cpp asks for on x86. */
function isRepackable(tensor: Tensor): boolean {
  const [, rows = 1] = tensor.shape;
  const isMatrix = tensor.name.endsWith(".weight") && rows > 1 && !/\.ssm_|shortconv\.conv/.test(tensor.name);
  return isMatrix && rows % 8 === 0 && tensor.shape.length === (expertTensors.test(tensor.name) ? 3 : 2);
}

function dimensionsOf(header: HeaderLike, values: HeaderValues) {
  const total = values.largest("expert_count") ?? 0;
  const used = Math.min(values.largest("expert_used_count") ?? 0, total);
  const dense = values.largest("feed_forward_length") ?? 0;
  const window = values.largest("attention.sliding_window") ?? 0;
  return {
    hidden: header.embeddingLength ?? 0,
    heads: Math.max(0, ...header.headCounts),
    feedForward: dense,
    vocabulary: header.vocabularySize ?? 0,
    contextTrained: header.contextLength ?? 0,
    slidingWindow: window > 0 ? window : null,
    experts: total > 0 ? { total, used, feedForward: values.largest("expert_feed_forward_length") ?? dense } : null,
    recurrentInner: values.largest("ssm.inner_size") ?? 0,
  };
}

/** Number of `pooling_type` in the file for models that rank. */
const rankPooling = 4;

function roleOf(header: HeaderLike, values: HeaderValues, encoder: boolean): ModelShape["role"] {
  const pooling = values.largest("pooling_type") ?? 0;
  const ranks = pooling === rankPooling || header.tensors.some((tensor) => tensor.name === "cls.output.weight");
  if (ranks) return "reranker";
  return encoder || pooling > 0 ? "embedding" : "chat";
}
