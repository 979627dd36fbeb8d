import { isDesksideError } from "@deskside/base";
import type { EngineBinaryTrial, GpuApi, LoadCause, WhyCpu } from "@deskside/contract";
import type { ProcessSpawner } from "@deskside/contract/shell";
import { causeOfEnd, whyCpuOf } from "../../engines/engine-failure.ts";
import { type EngineProcess, startEngineProcess } from "../../engines/engine-process.ts";

export interface TrialOptions {
  readonly api: GpuApi;
  readonly spawner: ProcessSpawner;
  /** For the engine's process: where its packages and libraries are. */
  readonly env: Readonly<Record<string, string>>;
  /** A small model that is there on every machine. */
  readonly model: { readonly path: string; readonly name: string; readonly template: string | null };
  readonly signal?: AbortSignal;
  /**
   * For everything, process start included. The first start on a GPU newer than the binary compiles its kernels, which
   * takes minutes.
   */
  readonly limitMs?: number;
}

interface Outcome {
  readonly cause: LoadCause | null;
  readonly whyCpu?: WhyCpu | null;
  readonly detail: string;
  readonly devices?: readonly string[];
}

/**
 * Loads a small model with all its layers on the API, in a process of its own, and decodes one token. A process that
 * ends or hangs is an outcome like any other. Throws the signal's reason only.
 */
export async function tryBinary(options: TrialOptions): Promise<EngineBinaryTrial> {
  const { api, signal } = options;
  const started = performance.now();
  const outcome = await run(options);
  signal?.throwIfAborted();
  return {
    ...{ api, at: Date.now(), passed: outcome.cause === null, cause: outcome.cause },
    whyCpu: outcome.whyCpu ?? (outcome.cause === null ? null : whyCpuOf(outcome.cause)),
    detail: outcome.detail.slice(0, 1_000),
    devices: [...(outcome.devices ?? [])],
    ms: Math.round(performance.now() - started),
  };
}

async function run(options: TrialOptions): Promise<Outcome> {
  const limitMs = options.limitMs ?? 300_000;
  const limit = AbortSignal.timeout(limitMs);
  const stop = AbortSignal.any([limit, ...(options.signal ? [options.signal] : [])]);
  let child: EngineProcess | undefined;
  try {
    stop.throwIfAborted();
    child = await startEngineProcess(options.spawner, options.env);
    const end = child.ended.then((ended): Outcome => {
      const how = ended.signal ?? `exit code ${ended.exitCode}`;
      return { cause: causeOfEnd(ended), detail: `${how}\n${ended.stderr}` };
    });
    const stopped = new Promise<never>((_resolve, reject) => {
      stop.addEventListener("abort", () => reject(stop.reason as Error), { once: true });
    });
    // Whoever loses the race must not count as unhandled.
    stopped.catch(() => undefined);
    const work = decodeOne(child, options, stop).catch(async (error: unknown) => {
      // A call also fails when the process is gone; how it ended says more.
      return isDesksideError(error, "PEER_GONE") ? await end : outcomeOf(error);
    });
    return await Promise.race([work, end, stopped]);
  } catch (error) {
    if (options.signal?.aborted) throw options.signal.reason;
    if (limit.aborted) return { cause: "stalled", detail: `nothing within ${Math.round(limitMs / 1000)} s` };
    return outcomeOf(error);
  } finally {
    child?.kill();
  }
}

async function decodeOne(child: EngineProcess, options: TrialOptions, signal: AbortSignal): Promise<Outcome> {
  const { api, model } = options;
  const loaded = await child.load(
    {
      ...{ modelPath: model.path, modelName: model.name, chatTemplate: model.template, gpu: api },
      // The library takes at most as many as there are.
      gpuLayers: api === "none" ? 0 : 999,
      ...{ contextSize: 256, batchSize: 64, threads: 1 },
    },
    { onProgress: () => undefined, signal },
  );
  const { devices } = loaded;
  // Without a device the Vulkan library starts all the same and computes on the processor.
  if (api !== "none" && (devices.length === 0 || loaded.gpuLayers === 0 || loaded.gpu !== api))
    return { cause: "gpu-no-device", detail: `loaded on ${loaded.gpu} with ${devices.length} devices`, devices };
  let tokens = 0;
  const prompt = { messages: [{ role: "user" as const, text: "Hello" }] };
  const answer = await child.client.generate({ prompt, sampling: { maxTokens: 1, temperature: 0 } }, { signal });
  for await (const event of answer) if (event.type === "finish") tokens = event.outputTokens;
  if (tokens < 1) return { cause: "unknown", detail: "the model loaded but decoded no token", devices };
  const isSoftware = devices.length > 0 && devices.every((device) => softwareDevice.test(device));
  return { cause: null, whyCpu: isSoftware ? "software-gpu" : null, detail: "", devices };
}

/** Mesa's and SwiftShader's devices compute on the processor. */
const softwareDevice = /llvmpipe|lavapipe|softpipe|swiftshader|microsoft basic render/i;

function outcomeOf(error: unknown): Outcome {
  const detail = error instanceof Error ? error.message : String(error);
  if (!isDesksideError(error)) return { cause: "unknown", detail };
  const { cause, detail: said } = error.data as { cause?: LoadCause; detail?: string };
  return { cause: cause ?? "unknown", detail: `${error.code}: ${said ?? detail}` };
}
