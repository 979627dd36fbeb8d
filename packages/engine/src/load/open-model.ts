import { deskError } from "@deskside/contract";
import type { Loaded, LoadPlan } from "@deskside/contract/engine";
import type { Llama, LlamaModel } from "node-llama-cpp";
import { mapLoadError, openLlama } from "../llama-runtime.ts";
import { createLoadLog } from "./load-log.ts";

export interface OpenOptions {
  readonly onProgress: (fraction: number) => void;
  readonly signal?: AbortSignal | undefined;
  readonly log: (line: string) => void;
}

/** Weights and one context. `loaded` knows neither the context's size nor anything about reasoning yet. */
export interface OpenedModel<Context> extends AsyncDisposable {
  readonly model: LlamaModel;
  readonly context: Context;
  readonly loaded: Omit<Loaded, "contextSize" | "reasoning">;
}

/**
 * Loads weights by plan and makes a context of them. Aborting `signal` frees what was loaded so far and throws its
 * reason. Throws OUT_OF_MEMORY, MODEL_LOAD_FAILED, ENGINE_START_FAILED.
 */
export async function openModel<Context extends AsyncDisposable>(
  plan: LoadPlan,
  options: OpenOptions,
  createContext: (model: LlamaModel, plan: LoadPlan, signal: AbortSignal | undefined) => Promise<Context>,
): Promise<OpenedModel<Context>> {
  const started = performance.now();
  const nativeLog = createLoadLog();
  const log = (line: string) => {
    nativeLog.add(line);
    if (!chatter.test(line)) options.log(line);
  };
  await using stack = new AsyncDisposableStack();
  try {
    const llama = await openLlama(plan.gpu, log);
    const devices = plan.gpu === "none" ? [] : await checkDevices(llama, plan);
    const model = stack.use(
      await llama.loadModel({
        modelPath: plan.modelPath,
        gpuLayers: plan.gpuLayers,
        // Sizes were decided by the plan; the library's guess would refuse what fits and stop what does not too late.
        ignoreMemorySafetyChecks: true,
        onLoadProgress: stepwise((fraction) => options.onProgress(fraction * 0.9)),
        ...(options.signal ? { loadSignal: options.signal } : {}),
      }),
    );
    const context = stack.use(await createContext(model, plan, options.signal));
    await nativeLog.complete();
    options.onProgress(1);
    const loadMs = performance.now() - started;
    const buffers = nativeLog.buffers(devices, await weightsOf(model, plan));
    const owned = stack.move();
    return {
      ...{ model, context },
      loaded: {
        trainedContextSize: model.trainContextSize,
        threads: plan.threads,
        gpu: plan.gpu,
        gpuLayers: model.gpuLayers,
        devices,
        architecture: model.fileInfo.metadata.general.architecture,
        loadMs,
        buffers,
      },
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    };
  } catch (error) {
    if (options.signal?.aborted) throw options.signal.reason;
    throw await mapLoadError(error, plan, nativeLog.lines);
  }
}

/**
 * Names of the GPUs, when there are any and the plan fits into what is free at this moment. Without a device the
 * library starts all the same and everything runs on the CPU without a word; with too little memory some drivers move
 * weights to RAM without a word.
 */
async function checkDevices(llama: Llama, plan: LoadPlan): Promise<string[]> {
  const names = await llama.getGpuDeviceNames();
  if (names.length === 0) {
    const detail = `${plan.gpu} finds no device`;
    throw deskError("MODEL_LOAD_FAILED", { model: plan.modelName, cause: "gpu-no-device", detail });
  }
  const { total, free } = await llama.getVramState();
  if (plan.gpuBytes > free) {
    const cause = plan.gpuBytes > total ? "out-of-vram" : "vram-used-by-others";
    throw deskError("OUT_OF_MEMORY", { neededBytes: plan.gpuBytes, freeBytes: free, cause });
  }
  return names;
}

/** By llama.cpp's own layout of this load, which the library keeps. */
async function weightsOf(model: LlamaModel, plan: LoadPlan): Promise<{ ramBytes: number; gpuBytes: number }> {
  if (plan.gpu === "none") return { ramBytes: model.size, gpuBytes: 0 };
  const laidOut = await model.fileInsights.estimateModelResourceRequirementsV2({ gpuLayers: model.gpuLayers });
  return { ramBytes: laidOut.cpuRam, gpuBytes: laidOut.gpuVram };
}

/** Dumps of the file's header, in every load the same. */
const chatter = /^info: (?:llama_model_loader: - |print_info:|load: |\.)/;

/** The library reports every tensor; a bar needs fifty steps. */
function stepwise(report: (fraction: number) => void): (fraction: number) => void {
  let last = -1;
  return (fraction) => {
    if (fraction < 1 && fraction - last < 0.02) return;
    last = fraction;
    report(fraction);
  };
}
