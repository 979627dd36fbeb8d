import type { LoadPlanInput } from "@deskside/contract/engine";
import type { ResolvedModel } from "@deskside/model-library";

/** Tokens for a file that comes without a manifest, when it was trained on at least that many. */
const defaultContextSize = 4096;

/**
 * How a model is loaded on this machine: on the CPU (graphics cards are used by a later version), with the context
 * its manifest asks for.
 * @param chooseThreads rule of `hardware` for a file of this many bytes
 */
export function planLoad(model: ResolvedModel, chooseThreads: (weightBytes: number) => number): LoadPlanInput {
  const { manifest, header } = model;
  const trained = header.contextLength ?? manifest?.trainedContextSize ?? defaultContextSize;
  return {
    modelPath: model.path,
    modelName: model.description.name,
    gpu: "none",
    gpuLayers: 0,
    contextSize: manifest?.contextSize ?? Math.min(defaultContextSize, trained),
    batchSize: 512,
    threads: chooseThreads(header.fileBytes),
    chatTemplate: manifest?.template ?? null,
    reasoning: model.description.reasoning ?? null,
  };
}
