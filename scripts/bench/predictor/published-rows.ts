// Published measurements as questions to the predictor: one shape, plan and machine per row, or why a row is left out.
import type { FitPlan, Gpu, MachineProfile } from "@deskside/contract";
import type { ModelShape } from "@deskside/hardware";
import {
  type MeasuredGpu,
  type MeasuredModel,
  type Measurement,
  readMeasuredGpus,
  readMeasuredModels,
  readMeasurements,
} from "./published-data.ts";

/** Why a row says nothing about the predictor. */
export const exclusions = {
  anomalous: "marked anomalous by the source",
  "other-engine": "not measured with llama.cpp",
  "size-unknown": "the source states neither size nor type of the file",
  "bandwidth-unknown": "no published bandwidth of the device",
  "tensor-split": "tensor parallel: a split Deskside does not plan",
  "ram-unknown": "part in RAM of a machine whose RAM is not named",
  "embedding-per-layer": "the source says that a part of the file is not read for each token, not how much",
} as const;
export type Exclusion = keyof typeof exclusions;

export interface PredictorRow {
  readonly measurement: Measurement;
  readonly shape: ModelShape;
  readonly plan: FitPlan;
  readonly machine: MachineProfile;
  /** Tokens in the context in the middle of the measurement. */
  readonly depth: number;
}

export interface PredictorData {
  readonly rows: readonly PredictorRow[];
  readonly excluded: readonly { readonly measurement: Measurement; readonly why: Exclusion }[];
  readonly tflopsOf: (id: string) => number | null;
}

export function readPredictorData(): PredictorData {
  const models = readMeasuredModels();
  const gpus = readMeasuredGpus();
  const rows: PredictorRow[] = [];
  const excluded: { measurement: Measurement; why: Exclusion }[] = [];
  for (const measurement of readMeasurements()) {
    const gpu = gpus.get(measurement.gpu);
    if (!gpu) throw new Error(`${measurement.id}: no device ${measurement.gpu} in measured-gpus.json`);
    const why = exclusionOf(measurement, gpu);
    if (why) excluded.push({ measurement, why });
    else rows.push(rowOf(measurement, models, gpu));
  }
  return { rows, excluded, tflopsOf: (id) => gpus.get(id)?.tflops ?? null };
}

function exclusionOf(row: Measurement, gpu: MeasuredGpu): Exclusion | null {
  if (row.note.includes("anomalous")) return "anomalous";
  if (row.engine !== "llama.cpp" && row.engine !== "ollama") return "other-engine";
  if (row.fileBytes === null) return "size-unknown";
  if (gpu.bandwidthGBs === null) return "bandwidth-unknown";
  if (row.note.includes("-sm tensor")) return "tensor-split";
  if (row.partial) return "ram-unknown";
  if (row.note.includes("per-layer embeddings")) return "embedding-per-layer";
  return null;
}

function rowOf(measurement: Measurement, models: ReadonlyMap<string, MeasuredModel>, facts: MeasuredGpu): PredictorRow {
  const model = models.get(measurement.model);
  if (!model) throw new Error(`${measurement.id}: no dimensions of ${measurement.model} in measured-models.json`);
  const shape = shapeOf(measurement, model);
  const gpus = Array.from({ length: measurement.gpuCount }, (_, index) => gpuOf(measurement, facts, index));
  return {
    measurement,
    shape,
    plan: planOver(gpus, shape.layers.length + 1),
    machine: { ...bareMachine, gpus },
    depth: measurement.generatedTokens / 2,
  };
}

function gpuOf({ gpu, backend }: Measurement, facts: MeasuredGpu, index: number): Gpu {
  const { bandwidthGBs, name, vendor, unified, capability } = facts;
  return {
    id: `${gpu}-${index}`,
    name,
    vendor,
    unified,
    capability,
    tableId: gpu,
    vramTotalBytes: null,
    vramFreeBytes: null,
    driver: null,
    api: backend === "CUDA" ? "cuda" : backend === "Metal" ? "metal" : "vulkan",
    bandwidthBytesPerSecond: bandwidthGBs === null ? null : bandwidthGBs * 1e9,
    bandwidthSource: "table",
    migUuid: null,
  };
}

/** The dimensions as layers. Bits are spread evenly over the file, but for experts whose type is known. */
function shapeOf(measurement: Measurement, model: MeasuredModel): ModelShape {
  const fileBytes = measurement.fileBytes ?? 0;
  const parameters = measurement.parameters ?? fallbackParameters[measurement.model] ?? 0;
  const matrix = model.hidden * model.vocab;
  const inLayers = parameters - matrix * (model.tied ? 1 : 2);
  const expert = expertParameters(model, inLayers, matrix);
  const expertBytes = model.expertBits ? (expert * model.expertBits) / 8 : (expert / parameters) * fileBytes;
  const restPerParameter = (fileBytes - expertBytes) / (parameters - expert);
  const layer = {
    weightBytes: ((inLayers - expert) * restPerParameter) / model.layers,
    expertBytes: expertBytes / model.layers,
    matrixBytesByType: {},
    memory: "full" as const,
    kvHeads: model.kvHeads,
    keyLength: model.headDim,
    valueLength: model.headDim,
    stateBytes: 0,
  };
  return {
    architecture: "measured",
    quantization: measurement.quant,
    fileBytes,
    headerBytes: 0,
    layers: Array.from({ length: model.layers }, () => layer),
    embeddingBytes: matrix * restPerParameter,
    outputBytes: matrix * restPerParameter,
    outputMatrixBytes: matrix * restPerParameter,
    recurrentInner: 0,
    tiedOutput: model.tied,
    outputType: measurement.quant,
    hidden: model.hidden,
    heads: model.kvHeads,
    feedForward: 0,
    vocabulary: model.vocab,
    contextTrained: 4096,
    slidingWindow: null,
    experts: model.experts && { ...model.experts, feedForward: 0 },
    parameters,
    role: "chat",
    source: "catalogue",
  };
}

/** gemma-3-4b: one source leaves the count out. */
const fallbackParameters: Readonly<Record<string, number>> = { "gemma-3-4b-it": 3.88e9 };

/** From what is active in layers: shared + experts · used ÷ total = active, shared + experts = all. */
function expertParameters({ experts, activeB }: MeasuredModel, inLayers: number, matrix: number): number {
  if (!experts || activeB === null) return 0;
  const active = activeB * 1e9 - matrix;
  return Math.min(inLayers, (inLayers - active) / (1 - experts.used / experts.total));
}

/** Everything offloaded, layers shared evenly as llama.cpp does with equal cards. */
function planOver(gpus: readonly Gpu[], totalLayers: number): FitPlan {
  const share = Math.ceil(totalLayers / gpus.length);
  return {
    api: gpus[0]?.api ?? "none",
    gpuLayers: totalLayers,
    totalLayers,
    contextSize: 4096,
    kvType: "f16",
    slots: 1,
    threads: 1,
    batchSize: 512,
    flashAttention: true,
    expertsInRam: false,
    devices: gpus.map(({ id, name }, index) => ({
      id,
      name,
      layers: Math.max(0, Math.min(share, totalLayers - share * index)),
    })),
  };
}

const bareMachine: MachineProfile = {
  at: 0,
  platform: "linux",
  arch: "x64",
  system: null,
  cpu: { name: "", physicalCores: 1, logicalCores: 1, performanceCores: null, instructionSets: [] },
  memory: { totalBytes: 0, freeBytes: 0, bandwidthBytesPerSecond: null, bandwidthSource: null },
  gpus: [],
  links: [],
  disks: [],
  battery: null,
  notes: [],
};
