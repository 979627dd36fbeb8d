import { createDeferred, sleep, withTimeout } from "@deskside/base";
import { deskError } from "@deskside/contract";
import type { EngineContract, Loaded, LoadPlanInput } from "@deskside/contract/engine";
import type { ChildExit, ProcessSpawner } from "@deskside/contract/shell";
import { type ContractClient, createClient } from "@deskside/rpc";

export type EngineClient = ContractClient<EngineContract>;

/** A process that does not answer this many heartbeats in a row hangs. */
export const heartbeat = { everyMs: 5_000, misses: 3 } as const;

export interface EngineEnd extends ChildExit {
  readonly stalled: boolean;
  readonly stderr: string;
}

export interface EngineProcess {
  readonly pid: number | undefined;
  readonly client: EngineClient;
  /** Settles once, never rejects. */
  readonly ended: Promise<EngineEnd>;
  load(plan: LoadPlanInput, options: { onProgress: (fraction: number) => void; signal: AbortSignal }): Promise<Loaded>;
  kill(): void;
}

/** Variables of llama.cpp and the drivers by which a user says which devices may be used. */
const deviceVariables = [
  "CUDA_VISIBLE_DEVICES",
  "GGML_VK_VISIBLE_DEVICES",
  "VK_DRIVER_FILES",
  "VK_ICD_FILENAMES",
  "HIP_VISIBLE_DEVICES",
];

/** Starts one engine process and watches its heartbeat. Throws ENGINE_START_FAILED. */
export async function startEngineProcess(
  spawner: ProcessSpawner,
  env: Readonly<Record<string, string>> = {},
): Promise<EngineProcess> {
  const given = deviceVariables.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const child = await spawner.spawn("engine", {
    // One thread does the native work: with more, node-llama-cpp's calls hop between them and lose a third of the speed.
    env: { ...Object.fromEntries(given), ...env, UV_THREADPOOL_SIZE: "1" },
    args: [],
  });
  const client = createClient<EngineContract>(child.port, { peer: "engine" });
  const ended = createDeferred<EngineEnd>();
  const over = new AbortController();
  let stalled = false;
  void child.exited.then((exit) => {
    over.abort();
    ended.resolve({ ...exit, stalled, stderr: child.stderrTail() });
  });
  void watchHeartbeat(client, over.signal, () => {
    stalled = true;
    child.kill();
  });
  return {
    pid: child.pid,
    client,
    ended: ended.promise,
    kill: () => child.kill(),
    async load(plan, { onProgress, signal }) {
      for await (const event of await client.load(plan, { signal })) {
        if (event.type === "loaded") return event.loaded;
        onProgress(event.fraction);
      }
      const detail = "the engine sent no result";
      throw deskError("MODEL_LOAD_FAILED", { model: plan.modelName, cause: "unknown", detail });
    },
  };
}

async function watchHeartbeat(client: EngineClient, over: AbortSignal, onStall: () => void): Promise<void> {
  let misses = 0;
  while (!over.aborted) {
    try {
      await sleep(heartbeat.everyMs, { signal: over });
    } catch {
      return;
    }
    try {
      const late = () => deskError("TIMED_OUT", { what: "engine health", ms: heartbeat.everyMs });
      await withTimeout(client.health(undefined, { signal: over }), heartbeat.everyMs, late);
      misses = 0;
    } catch {
      if (over.aborted) return;
      misses++;
      if (misses >= heartbeat.misses) return onStall();
    }
  }
}
