import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { EngineContract, Loaded, LoadPlanInput } from "@deskside/contract/engine";
import { createClient } from "@deskside/rpc";
import { describeForkedChild } from "@deskside/rpc/node";

/** What one load took. Bytes. */
export interface MeasuredLoad {
  readonly loaded: Loaded;
  /** Highest resident set, and its anonymous part after the prompt. */
  readonly peakBytes: number;
  readonly anonymousBytes: number;
  /**
   * The library silences its log for a moment around a load, and small models are through by then. With AMX it names
   * only the part of the file that stays mapped, not the pages that were read to lay weights out.
   */
  readonly weightsLogged: boolean;
}

const entry = fileURLToPath(new URL("../../../packages/engine/src/test/engine-child.ts", import.meta.url));

/** Loads in an engine process of its own, as the product does, and reads a prompt of `promptTokens` (0 = none). */
export async function measureLoad(
  plan: LoadPlanInput,
  promptTokens: number,
  environment: Readonly<Record<string, string>>,
): Promise<MeasuredLoad> {
  const forked = fork(entry, {
    execArgv: [],
    env: { ...process.env, ...environment, NODE_NO_WARNINGS: "1", UV_THREADPOOL_SIZE: "1" },
    serialization: "advanced",
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let log = "";
  forked.stderr?.on("data", (chunk: Buffer) => (log += chunk.toString()));
  const child = describeForkedChild(forked);
  try {
    const client = createClient<EngineContract>(child.port, { peer: "engine" });
    let loaded: Loaded | undefined;
    for await (const event of await client.load(plan)) if (event.type === "loaded") loaded = event.loaded;
    if (!loaded) throw new Error("the engine sent no result");
    if (promptTokens > 0) await client.measure({ promptTokens, outputTokens: 2, threads: null });
    const { peakBytes, anonymousBytes } = await client.memory();
    if (peakBytes === null || anonymousBytes === null)
      throw new Error("this system does not tell the parts: Linux only");
    return {
      loaded,
      peakBytes,
      anonymousBytes,
      weightsLogged: log.includes("model buffer size") && !log.includes("AMX model buffer"),
    };
  } finally {
    forked.kill("SIGKILL");
    await child.exited;
  }
}
