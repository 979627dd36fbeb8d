import type { Clock } from "@deskside/base";
import { createConnectionReader } from "@deskside/hardware";
import type { Egress } from "../egress/index.ts";
import type { EngineSupervisor } from "../engines/engine-supervisor.ts";
import type { Logger } from "../log/logger.ts";
import type { MemoryReading } from "../monitor/readings.ts";
import { shareReading } from "../monitor/readings.ts";
import { nameHosts } from "./connected-hosts.ts";
import type { EventHub } from "./event-hub.ts";

export interface TelemetrySources {
  readonly engines: EngineSupervisor;
  readonly egress: Egress;
  /** Processes whose sockets count, with their children. */
  readonly rootPids: () => number[];
  readonly memory: () => Promise<MemoryReading>;
}

/** Every second reading of the shield is new: a socket that lives shorter is in the outbound record all the same. */
const connectionsEveryMs = 1_500;

/** One sample a second while somebody listens; nothing is read otherwise. */
export function startTelemetry(
  { engines, egress, rootPids, memory }: TelemetrySources,
  deps: { events: EventHub; clock: Clock; log: Logger },
): Disposable {
  const connectionReader = createConnectionReader({ rootPids, includeDescendants: true });
  let reading = false;
  // Walking through all open files of all processes costs more than everything else here together.
  const readConnections = shareReading(() => connectionReader.read(), connectionsEveryMs, deps.clock);
  const sample = async () => {
    const [used, reading] = await Promise.all([memory(), readConnections()]);
    const connections = nameHosts(reading, egress.openConnections());
    const answering = engines.states.filter((engine) => engine.phase === "answering");
    deps.events.publish({
      type: "telemetry",
      telemetry: {
        at: deps.clock.now(),
        memoryTotalBytes: used.totalBytes,
        memoryUsedBytes: used.usedBytes,
        engineBytes: used.engineBytes ?? 0,
        desksideBytes: used.desksideBytes ?? 0,
        tokensPerSecond: answering.reduce((sum, engine) => sum + (engine.tokensPerSecond ?? 0), 0),
        connections,
      },
    });
  };
  const timer = setInterval(() => {
    if (reading || deps.events.listeners === 0) return;
    reading = true;
    sample()
      .catch((error: unknown) => deps.log.warn({ err: error }, "telemetry failed"))
      .finally(() => {
        reading = false;
      });
  }, 1000);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
