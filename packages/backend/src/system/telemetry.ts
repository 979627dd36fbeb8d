import type { Clock } from "@deskside/base";
import type { ConnectionReading, EngineState } from "@deskside/contract";
import type { EventHub } from "./event-hub.ts";

export interface TelemetrySources {
  memory(): Promise<{ totalBytes: number; usedBytes: number }>;
  residentBytes(pids: readonly number[]): Promise<number>;
  connections(): Promise<ConnectionReading>;
  enginePids(): number[];
  engineStates(): EngineState[];
}

/** One sample a second while somebody listens; nothing is read otherwise. */
export function startTelemetry(
  sources: TelemetrySources,
  deps: { events: EventHub; clock: Clock; onError: (error: unknown) => void },
): Disposable {
  let reading = false;
  const sample = async () => {
    const pids = sources.enginePids();
    const [memory, engineBytes, desksideBytes, connections] = await Promise.all([
      sources.memory(),
      sources.residentBytes(pids),
      sources.residentBytes([process.pid]),
      sources.connections(),
    ]);
    const answering = sources.engineStates().filter((engine) => engine.phase === "answering");
    deps.events.publish({
      type: "telemetry",
      telemetry: {
        at: deps.clock.now(),
        memoryTotalBytes: memory.totalBytes,
        memoryUsedBytes: memory.usedBytes,
        engineBytes,
        desksideBytes: desksideBytes + engineBytes,
        tokensPerSecond: answering.reduce((sum, engine) => sum + (engine.tokensPerSecond ?? 0), 0),
        connections,
      },
    });
  };
  const timer = setInterval(() => {
    if (reading || deps.events.listeners === 0) return;
    reading = true;
    sample()
      .catch(deps.onError)
      .finally(() => {
        reading = false;
      });
  }, 1000);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
