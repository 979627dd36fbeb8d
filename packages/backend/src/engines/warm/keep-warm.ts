import type { Logger } from "../../log/logger.ts";
import type { EngineSupervisor } from "../engine-supervisor.ts";

const lookEveryMs = 15_000;

/**
 * Unloads models that were idle for as long as their own setting or the one for all says, null = never.
 * @param keepWarmMinutes asked at every look, for each model: it may change at any time
 */
export function startKeepWarm(
  engines: Pick<EngineSupervisor, "unloadIdle">,
  keepWarmMinutes: (modelId: string) => number | null,
  options: { log: Logger; everyMs?: number },
): Disposable {
  const timer = setInterval(() => {
    const idleMs = (modelId: string) => {
      const minutes = keepWarmMinutes(modelId);
      return minutes === null ? null : minutes * 60_000;
    };
    engines.unloadIdle(idleMs).catch((error: unknown) => {
      options.log.warn({ err: error }, "an idle model could not be unloaded");
    });
  }, options.everyMs ?? lookEveryMs);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
