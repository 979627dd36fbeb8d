import { deskError } from "@deskside/contract";
import { engineContract, type GenerateEvent, type LoadEvent } from "@deskside/contract/engine";
import { implement } from "@orpc/server";
import { type LoadedForPurpose, loadForPurpose, requirePurpose } from "./embedding/load-for-purpose.ts";
import { countTokens } from "./embedding/count-tokens.ts";
import { generate } from "./generate.ts";
import { estimatePlan } from "./load/estimate.ts";
import type { LoadedModel } from "./loaded-model.ts";
import { measureSpeed } from "./measure-speed.ts";
import { readProcessMemory } from "./process-memory.ts";

export interface EngineServerOptions {
  libraryVersion: string;
  log: (line: string) => void;
}

/** The procedures of one engine process: one model, loaded once, unloaded once. */
export function createEngineRouter(options: EngineServerOptions) {
  const os = implement(engineContract);
  let current: LoadedForPurpose | undefined;

  const anyLoaded = (): LoadedForPurpose => {
    if (!current) throw deskError("MODEL_NOT_LOADED", {});
    return current;
  };
  const loaded = (): LoadedModel => requirePurpose(anyLoaded(), "chat");
  const unsupported = (feature: string) => () => {
    throw deskError("UNSUPPORTED", { feature });
  };
  const unload = async () => {
    const leaving = current;
    current = undefined;
    await leaving?.[Symbol.asyncDispose]();
  };

  return os.router({
    load: os.load.handler(async function* ({ input, signal }): AsyncGenerator<LoadEvent> {
      await unload();
      const events = createProgressQueue();
      const loading = loadForPurpose(input, { signal, log: options.log, onProgress: events.push }).finally(events.end);
      // The failure is thrown below; until then it must not count as unhandled.
      loading.catch(() => undefined);
      for await (const fraction of events) yield { type: "progress", fraction };
      current = await loading;
      yield { type: "loaded", loaded: current.loaded };
    }),
    generate: os.generate.handler(async function* ({ input, signal }): AsyncGenerator<GenerateEvent> {
      yield* generate(loaded(), input, signal);
    }),
    tokenize: os.tokenize.handler(({ input }) => ({ tokens: anyLoaded().tokenize(input.text, input.special) })),
    countTokens: os.countTokens.handler(({ input, signal }) => countTokens(anyLoaded(), input.texts, signal)),
    countPrompt: os.countPrompt.handler(async ({ input }) => ({
      tokens: (await loaded().promptTokens(input)).tokens.length,
    })),
    embed: os.embed.handler(({ input, signal }) => requirePurpose(anyLoaded(), "embedding").embed(input.texts, signal)),
    rerank: os.rerank.handler(async ({ input, signal }) => ({
      scores: await requirePurpose(anyLoaded(), "reranking").rerank(input.query, input.passages, signal),
    })),
    estimate: os.estimate.handler(({ input }) => estimatePlan(input, options.log)),
    measure: os.measure.handler(({ input, signal }) => measureSpeed(loaded(), input, signal)),
    saveState: os.saveState.handler(unsupported("saveState")),
    restoreState: os.restoreState.handler(unsupported("restoreState")),
    unload: os.unload.handler(unload),
    health: os.health.handler(() => ({
      pid: process.pid,
      loaded: current !== undefined,
      busy: current?.busy ?? false,
      libraryVersion: options.libraryVersion,
    })),
    memory: os.memory.handler(async () => ({
      ...(await readProcessMemory()),
      onRequestBytes: current?.purpose === "chat" ? current.onRequestBytes : 0,
    })),
  });
}

/** Load progress from a callback to a loop: only the newest value counts. */
function createProgressQueue() {
  let newest: number | undefined;
  let ended = false;
  let wake = () => {};
  return {
    push(fraction: number) {
      newest = fraction;
      wake();
    },
    end() {
      ended = true;
      wake();
    },
    async *[Symbol.asyncIterator](): AsyncGenerator<number> {
      while (true) {
        if (newest !== undefined) {
          const fraction = newest;
          newest = undefined;
          yield fraction;
        } else if (ended) return;
        else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    },
  };
}
