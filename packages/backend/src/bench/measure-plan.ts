import type { BenchRun, ThreadSpeed } from "@deskside/contract";
import type { EngineContract, Loaded } from "@deskside/contract/engine";
import type { ProcessSpawner } from "@deskside/contract/shell";
import type { ResolvedModel } from "@deskside/model-library";
import type { ContractClient } from "@deskside/rpc";
import { startEngineProcess } from "../engines/engine-process.ts";
import { engineInput, type PlannedLoad } from "../engines/load-planner.ts";
import { measureEngine } from "../engines/measure-engine.ts";
import { keepBusy } from "./busy-threads.ts";

/** As llama-bench's pp512 and tg128; less where the context is smaller. */
const longest = { promptTokens: 512, outputTokens: 128 };
/** For comparing thread counts a short answer is enough. */
const short = { promptTokens: 32, outputTokens: 32 };

export interface LoadedForBench {
  readonly client: ContractClient<EngineContract>;
  readonly loaded: Loaded;
}

/** Loads a plan in a process of its own for `work`, and ends the process whatever happens. Throws what loading throws. */
export async function withLoadedPlan<T>(
  spawner: ProcessSpawner,
  model: ResolvedModel,
  planned: PlannedLoad,
  signal: AbortSignal,
  work: (engine: LoadedForBench) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const engine = await startEngineProcess(spawner, planned.env);
  const onAbort = () => engine.kill();
  signal.addEventListener("abort", onAbort);
  try {
    const loaded = await engine.load(engineInput(model, planned), { signal, onProgress: () => undefined });
    return await work({ client: engine.client, loaded });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", onAbort);
    engine.kill();
    await engine.ended;
  }
}

/** Prompt and decode speed, first token and memory of a loaded plan. */
export async function measurePlan(
  { client, loaded }: LoadedForBench,
  { plan, predicted }: PlannedLoad,
  signal: AbortSignal,
): Promise<BenchRun> {
  const room = loaded.contextSize - 2;
  const outputTokens = Math.min(longest.outputTokens, Math.floor(room / 2));
  const promptTokens = Math.min(longest.promptTokens, room - outputTokens);
  const speed = await client.measure({ promptTokens, outputTokens }, { signal });
  return { plan, predicted, measured: { ...(await measureEngine(client, loaded)), ...speed } };
}

/** Decode speed with this many threads, alone and beside a busy thread for every processor. */
export async function measureThreads(
  { client }: LoadedForBench,
  options: { threads: number; processors: number },
  signal: AbortSignal,
): Promise<ThreadSpeed> {
  const { threads, processors } = options;
  const measure = async () => (await client.measure({ ...short, threads }, { signal })).tokensPerSecond ?? 0;
  const idleTokensPerSecond = await measure();
  await using _busy = keepBusy(processors);
  return { threads, idleTokensPerSecond, busyTokensPerSecond: await measure() };
}
