import type { Clock } from "@deskside/base";
import type { EngineState } from "@deskside/contract";
import type { Workspace } from "@deskside/storage";
import type { Logger } from "../log/logger.ts";
import type { EventHub } from "../system/event-hub.ts";
import { createAlertWatch } from "./alerts/alert-watch.ts";
import type { ActivityStatistics } from "./answer-activity.ts";
import { createSampleHistory } from "./history/sample-history.ts";
import { createMonitorService, type MonitorService } from "./monitor-service.ts";
import type { MonitorReaders } from "./readings.ts";
import { createSampler, type Sample } from "./sampler.ts";

/** With a model loaded or somebody watching a sample is taken each second, otherwise at this distance. */
const idleMs = 10_000;
const activeMs = 1000;
/** A kill costs at most the readings of this long: an answer's moment, or a minute in which nothing happened. */
const flushActiveMs = 10_000;
const flushIdleMs = 60_000;
/** A sample for somebody who asks is not older than this. */
const freshMs = 2000;

export interface MonitorDeps {
  readonly workspace: Workspace;
  readonly engineStates: () => readonly EngineState[];
  readonly events: EventHub;
  readonly readers: MonitorReaders;
  readonly activity: ActivityStatistics;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface Monitor extends Disposable {
  readonly service: MonitorService;
  /** Ticks once a second until disposed. */
  start(): void;
  /** Called once a second: takes a sample when it is time. Never rejects. */
  tick(): Promise<void>;
}

/** Samples the machine, keeps the readings, watches the alerts. `activity` is told by the answers and the engines. */
export function createMonitor(deps: MonitorDeps): Monitor {
  const { workspace, engineStates, events, activity, clock, log } = deps;
  const history = createSampleHistory({ store: workspace.monitor, clock, log });
  const alerts = createAlertWatch({
    ...{ store: workspace.alertRules, clock },
    onChange: (states) => events.publish({ type: "alerts", alerts: states }),
  });
  const sampler = createSampler({
    ...{ readers: deps.readers, clock, log },
    engineStates,
    activity: () => activity.read(),
  });
  let newest: { readonly taken: Sample; readonly at: number } | null = null;
  let beganAt = Number.NEGATIVE_INFINITY;
  let flushedAt = clock.monotonic();
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  const active = () => events.listeners > 0 || engineStates().some(isLive);
  const take = async (): Promise<Sample> => {
    if (!sampler.busy) beganAt = clock.monotonic();
    const taken = await sampler.take();
    // Two may have waited for the same sample.
    if (newest?.taken !== taken && !closed) accept(taken);
    return taken;
  };
  const accept = (taken: Sample) => {
    const now = clock.monotonic();
    newest = { taken, at: now };
    history.add(taken.sample);
    alerts.observe(taken);
    if (events.listeners > 0) events.publish({ type: "monitor", sample: taken.sample });
    if (now - flushedAt < (active() ? flushActiveMs : flushIdleMs)) return;
    flushedAt = now;
    history.flush();
  };
  const now = async () => {
    const fresh = newest !== null && clock.monotonic() - newest.at <= freshMs;
    return (fresh && newest ? newest.taken : await take()).sample;
  };
  const tick = async () => {
    // Timers come late by some milliseconds: half a second early is on time.
    const due = beganAt + (active() ? activeMs : idleMs) - 500;
    if (closed || sampler.busy || clock.monotonic() < due) return;
    await take().catch((error: unknown) => log.warn({ err: error }, "a monitor sample failed"));
  };
  return {
    service: createMonitorService({ workspace, history, alerts, clock, now }),
    tick,
    start() {
      timer ??= setInterval(() => void tick(), activeMs);
      timer.unref();
    },
    [Symbol.dispose]() {
      if (closed) return;
      closed = true;
      clearInterval(timer);
      history.flush();
    },
  };
}

function isLive({ phase }: EngineState): boolean {
  return phase !== "off" && phase !== "gave-up";
}
