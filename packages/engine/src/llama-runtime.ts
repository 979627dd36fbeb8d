import { statSync } from "node:fs";
import { freemem } from "node:os";
import { isDesksideError } from "@deskside/base";
import { deskError } from "@deskside/contract";
import type { LoadPlan } from "@deskside/contract/engine";
import { getLlama, InsufficientMemoryError, type Llama, type LlamaGpuType, NoBinaryFoundError } from "node-llama-cpp";

const gpuOf: Record<LoadPlan["gpu"], LlamaGpuType> = { none: false, cuda: "cuda", vulkan: "vulkan", metal: "metal" };

/**
 * The native library for one GPU API. Never builds from source, never downloads, never picks an API by itself:
 * the plan says which. `maxThreads: 0` leaves the thread count to the plan (the default takes at least four,
 * and spinning threads on fewer cores are a hundred times slower).
 */
export async function openLlama(gpu: LoadPlan["gpu"], log: (message: string) => void): Promise<Llama> {
  try {
    return await getLlama({
      gpu: gpuOf[gpu],
      build: "never",
      skipDownload: true,
      maxThreads: 0,
      progressLogs: false,
      logger: (level, message) => log(`${level}: ${message.trimEnd()}`),
    });
  } catch (error) {
    if (error instanceof NoBinaryFoundError) {
      throw deskError("ENGINE_START_FAILED", { detail: `no engine binary for ${gpu}` }, { cause: error });
    }
    throw deskError("ENGINE_START_FAILED", { detail: describeNative(error) }, { cause: error });
  }
}

/** Native failure while loading → ours. `nativeLog`: what llama.cpp printed meanwhile, it often names the cause. */
export function mapLoadError(error: unknown, plan: LoadPlan, nativeLog: readonly string[]): unknown {
  if (isDesksideError(error)) return error;
  const text = [describeNative(error), ...nativeLog].join("\n");
  if (error instanceof InsufficientMemoryError || /out of memory|failed to allocate|unable to allocate/i.test(text)) {
    return deskError(
      "OUT_OF_MEMORY",
      { neededBytes: neededBytes(text) ?? fileBytes(plan), freeBytes: freemem() },
      { cause: error },
    );
  }
  const cause = nativeLog.findLast((line) => line.startsWith("error:")) ?? describeNative(error);
  return deskError("MODEL_LOAD_FAILED", { model: plan.modelName, detail: cause.slice(0, 300) }, { cause: error });
}

/** The weights alone, when llama.cpp does not say which allocation failed: the least that is needed. */
function fileBytes(plan: LoadPlan): number {
  return statSync(plan.modelPath, { throwIfNoEntry: false })?.size ?? 0;
}

function neededBytes(text: string): number | undefined {
  const size = text.match(/(\d+(?:\.\d+)?)\s*(MiB|MB|GiB|GB)/);
  if (!size) return undefined;
  return Math.round(Number(size[1]) * (size[2]?.startsWith("G") ? 2 ** 30 : 2 ** 20));
}

function describeNative(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 300);
}
