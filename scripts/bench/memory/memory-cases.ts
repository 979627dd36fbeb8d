import { copyFileSync, existsSync, statSync, truncateSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FitPlan } from "@deskside/contract";
import { computeBufferOf, estimateMemory, leavesOutAmx, type ModelShape, shapeOfHeader } from "@deskside/hardware";
import { readGgufHeader } from "@deskside/model-library";
import { type MeasuredLoad, measureLoad } from "./engine-load.ts";
import { readInstructionSets } from "./instruction-sets.ts";
import { writeShapeFiles } from "./testing/shape-files.ts";

export interface MemoryCase {
  readonly name: string;
  readonly contextSize: number;
  readonly shape: ModelShape;
  readonly path: string;
}

/** One quantity, predicted and measured. Bytes. */
export interface Compared {
  readonly what: "peak" | "anonymous" | "weights" | "cache" | "buffers";
  readonly predicted: number;
  /** null = llama.cpp did not say. */
  readonly measured: number | null;
}

const root = fileURLToPath(new URL("../../../", import.meta.url));
const builtIn = {
  starter: join(root, "models/starter/starter-q8_0.gguf"),
  SmolLM2: join(root, "models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf"),
} as const;
const contextSizes = { starter: [512, 1024, 2048], SmolLM2: [512, 2048, 8192] } as const;
const shapeContextSizes = [512, 2048, 8192];

export async function builtInCases(): Promise<MemoryCase[]> {
  const cases: MemoryCase[] = [];
  for (const name of ["starter", "SmolLM2"] as const) {
    for (const contextSize of contextSizes[name]) cases.push(await caseOf(name, builtIn[name], contextSize));
  }
  return cases;
}

/** Writes the generated models into `folder`. */
export async function shapeCases(folder: string): Promise<MemoryCase[]> {
  const cases: MemoryCase[] = [];
  for (const { name, path } of await writeShapeFiles(folder)) {
    for (const contextSize of shapeContextSizes) cases.push(await caseOf(name, path, contextSize));
  }
  return cases;
}

/** A real header made as long as the model it comes from: the weights read as zeros and take no room on the disk. */
export async function headerCases(header: string, fileBytes: number, folder: string): Promise<MemoryCase[]> {
  if (!existsSync(header)) return [];
  const path = join(folder, "header.gguf");
  copyFileSync(header, path);
  truncateSync(path, fileBytes);
  return await Promise.all([2048, 8192, 16_384].map((contextSize) => caseOf("7B Q4_K_M", path, contextSize)));
}

async function caseOf(name: string, path: string, contextSize: number): Promise<MemoryCase> {
  const shape = shapeOfHeader(await readGgufHeader(path));
  if (!shape) throw new Error(`${path} has no layers`);
  return { name, path, contextSize, shape };
}

export function planOf(contextSize: number, layers: number): FitPlan {
  return {
    api: "none",
    gpuLayers: 0,
    totalLayers: layers + 1,
    contextSize,
    kvType: "f16",
    slots: 1,
    threads: 1,
    batchSize: 512,
    flashAttention: true,
    expertsInRam: false,
    devices: [],
  };
}

/** A prompt of a full batch takes a minute on a large model; a short one writes to less of the buffers. */
const longPromptLimit = 1e9;
/** More than a batch. */
const longPrompt = 600;

/** Loads and compares. States of recurrent layers count as buffers; the log has buffers as they are reserved. */
export async function compareMemory(one: MemoryCase, change: Partial<FitPlan> = {}): Promise<Compared[]> {
  const { shape, contextSize } = one;
  const plan = { ...planOf(contextSize, shape.layers.length), ...change };
  const { kvType, slots, flashAttention, batchSize, threads } = plan;
  const instructionSets = readInstructionSets();
  const predicted = estimateMemory(shape, plan, { instructionSets });
  const ram = predicted.devices[0];
  const load: MeasuredLoad = await measureLoad(
    { ...onCpu(one), contextSize, kvType, slots, flashAttention, batchSize, threads },
    shape.role === "embedding"
      ? 0
      : statSync(one.path).size > longPromptLimit
        ? 8
        : Math.min(longPrompt, contextSize - 8),
    leavesOutAmx(shape, instructionSets) ? { DESKSIDE_ENGINE_WITHOUT_AMX: dirname(one.path) } : {},
  );
  const logged = load.loaded.buffers.find((device) => device.name === "RAM");
  if (!ram || !logged) throw new Error("no RAM in the estimate or in the log");
  const states = shape.layers.reduce((sum, layer) => sum + layer.stateBytes, 0);
  return [
    { what: "peak", predicted: ram.bytes, measured: load.peakBytes },
    { what: "anonymous", predicted: predicted.anonymousBytes, measured: load.anonymousBytes },
    { what: "weights", predicted: ram.weightsBytes, measured: load.weightsLogged ? logged.weightsBytes : null },
    { what: "cache", predicted: ram.kvBytes, measured: logged.kvBytes },
    {
      what: "buffers",
      predicted: computeBufferOf(shape, plan).reservedBytes + slots * (4 * shape.vocabulary + states),
      measured: logged.bufferBytes,
    },
  ];
}

function onCpu({ path, name }: MemoryCase) {
  return { modelPath: path, modelName: name, gpu: "none", gpuLayers: 0 } as const;
}

/** Share by which a prediction is off; what is not there on both sides is right. null = nothing to compare with. */
export function errorOf({ predicted, measured }: Compared): number | null {
  if (measured === null) return null;
  return predicted === measured ? 0 : Math.abs(predicted - measured) / Math.max(measured, 1);
}
