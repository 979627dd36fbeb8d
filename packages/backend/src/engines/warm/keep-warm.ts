import type { Logger } from "../../log/logger.ts";
import type { EngineSupervisor } from "../engine-supervisor.ts";

const lookEveryMs = 15_000;

/**
 * Unloads models that were idle for as long as the setting says, null = never.
 * @param keepWarmMinutes asked at every look: it may change at any time
 */
export function startKeepWarm(
  engines: Pick<EngineSupervisor, "unloadIdle">,
  keepWarmMinutes: () => number | null,
  options: { log: Logger; everyMs?: number },
): Disposable {
  const timer = setInterval(() => {
    const minutes = keepWarmMinutes();
    if (minutes === null) return;
    engines.unloadIdle(minutes * 60_000).catch((error: unknown) => {
      options.log.warn({ err: error }, "an idle model could not be unloaded");
    });
  }, options.everyMs ?? lookEveryMs);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
