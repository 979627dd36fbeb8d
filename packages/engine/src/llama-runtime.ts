import { readFileSync, statSync } from "node:fs";
import { freemem } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { isDesksideError } from "@deskside/base";
import { deskError, type LoadCause } from "@deskside/contract";
import { failedAllocationBytes, findLoadCause, type LoadPlan } from "@deskside/contract/engine";
import { explainMissingBinary } from "./binaries/explain-missing-binary.ts";
import { getLlama, type Llama, type LlamaGpuType, LlamaLogLevel, NoBinaryFoundError } from "node-llama-cpp";

const gpuOf: Record<LoadPlan["gpu"], LlamaGpuType> = { none: false, cuda: "cuda", vulkan: "vulkan", metal: "metal" };

interface OpenLlama {
  readonly gpu: LoadPlan["gpu"];
  readonly llama: Promise<Llama>;
  log: (line: string) => void;
}
let open: OpenLlama | undefined;

/**
 * The native library for one GPU API, opened once in the life of the process: after a second opening its log, and with
 * it the sizes of all buffers, goes nowhere. Never builds from source, never downloads, never picks an API by itself:
 * the plan says which. `maxThreads: 0` leaves the thread count to the plan (the default takes at least four, and
 * spinning threads on fewer cores are a hundred times slower). Throws what the library throws; UNSUPPORTED for another
 * API than before.
 * @param log gets the lines from now on
 */
export async function openLlama(gpu: LoadPlan["gpu"], log: (line: string) => void): Promise<Llama> {
  if (open && open.gpu !== gpu) throw deskError("UNSUPPORTED", { feature: `${gpu} after ${open.gpu} in one process` });
  if (!open) {
    const opening: OpenLlama = { gpu, llama: start(gpu, (line) => opening.log(line)), log };
    open = opening;
    // A failed start may be tried again.
    opening.llama.catch(() => {
      open = undefined;
    });
  }
  open.log = log;
  return await open.llama;
}

function start(gpu: LoadPlan["gpu"], log: (line: string) => void): Promise<Llama> {
  return getLlama({
    gpu: gpuOf[gpu],
    build: "never",
    skipDownload: true,
    maxThreads: 0,
    progressLogs: false,
    // The sizes of all buffers are told at this level, and nowhere else.
    logLevel: LlamaLogLevel.info,
    logger: (level, message) => log(`${level}: ${message.trimEnd()}`),
  });
}

const memoryCauses: readonly LoadCause[] = ["out-of-ram", "out-of-vram", "context-too-large"];

/** Native failure while loading → ours, with its cause. `lines`: what llama.cpp printed meanwhile. */
export async function mapLoadError(error: unknown, plan: LoadPlan, lines: readonly string[]): Promise<unknown> {
  if (isDesksideError(error)) return error;
  // The log arrives from another thread, later than the failure it explains.
  await delay(30);
  const missing = error instanceof NoBinaryFoundError ? await explainMissingBinary(plan.gpu) : null;
  const failure = missing ?? (error instanceof Error ? error : new Error(String(error)));
  const found = findLoadCause({
    message: failure.message,
    errorName: failure.constructor.name,
    errorCode: "code" in failure && typeof failure.code === "string" ? failure.code : null,
    lines,
    addressSpaceLimit: readAddressSpaceLimit(),
  });
  // The binary is there and nothing is missing: it does not start with this device and driver.
  const cause = missing && found === "unknown" ? "gpu-not-supported" : found;
  const said = [failure.message, ...lines].join("\n");
  if (memoryCauses.includes(cause)) {
    const neededBytes = failedAllocationBytes(said) ?? fileBytes(plan);
    return deskError("OUT_OF_MEMORY", { neededBytes, freeBytes: freemem(), cause }, { cause: error });
  }
  const telling = lines.findLast((line) => line.startsWith("error:") && !line.endsWith("failed to load model"));
  const detail = (telling ?? failure.message).slice(0, 300);
  return deskError("MODEL_LOAD_FAILED", { model: plan.modelName, cause, detail }, { cause: error });
}

/** The weights alone, when llama.cpp does not say which allocation failed: the least that is needed. */
function fileBytes(plan: LoadPlan): number {
  return statSync(plan.modelPath, { throwIfNoEntry: false })?.size ?? 0;
}

/** `ulimit -v` of this process. */
function readAddressSpaceLimit(): number | null {
  if (process.platform !== "linux") return null;
  const limit = /^Max address space\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
  return limit === undefined ? null : Number(limit);
}
