import type { Clock } from "@deskside/base";
import type {
  AlertRule,
  AlertState,
  AnswerSlice,
  MonitorRange,
  MonitorSample,
  MonitorSeries,
} from "@deskside/contract";
import type { Principal, Workspace } from "@deskside/storage";
import type { AlertWatch } from "./alerts/alert-watch.ts";
import { energyBetween } from "./history/energy.ts";
import { type ExportedSamples, exportSamples } from "./history/export-samples.ts";
import { tierPlans } from "./history/history-tier.ts";
import type { SampleHistory } from "./history/sample-history.ts";
import { buildSeries } from "./history/series.ts";

/** The monitor area of the contract. */
export interface MonitorService {
  now(): Promise<MonitorSample>;
  series(range: MonitorRange, points: number): MonitorSeries;
  /** Throws MESSAGE_NOT_FOUND. Of a continued answer the last run; of a running one as far as it is. */
  slice(principal: Principal, messageId: string): AnswerSlice;
  alerts(): AlertState[];
  setAlert(rule: AlertRule): AlertState[];
  removeAlert(id: string): AlertState[];
  export(range: MonitorRange, format: "csv" | "json"): ExportedSamples;
}

export interface MonitorServiceDeps {
  readonly workspace: Workspace;
  readonly history: SampleHistory;
  readonly alerts: AlertWatch;
  readonly clock: Clock;
  /** A sample not older than two seconds. */
  readonly now: () => Promise<MonitorSample>;
}

const second = 1000;
const spans: Readonly<Record<MonitorRange, { readonly spanMs: number; readonly resolutionMs: number }>> = {
  "1m": { spanMs: 60 * second, resolutionMs: second },
  "15m": { spanMs: 900 * second, resolutionMs: second },
  "1h": { spanMs: 3600 * second, resolutionMs: second },
  "24h": { spanMs: 24 * 3600 * second, resolutionMs: 10 * second },
  "7d": { spanMs: 7 * 24 * 3600 * second, resolutionMs: 60 * second },
};

/** Rows of one answer that windows have to draw. */
const slicePoints = 5000;

export function createMonitorService(deps: MonitorServiceDeps): MonitorService {
  const { workspace, history, alerts, clock } = deps;
  const read = (window: { from: number; to: number; resolutionMs: number }, points: number) =>
    buildSeries(history.read(window), { ...window, points });
  const series = (range: MonitorRange, points: number) => {
    const { spanMs, resolutionMs } = spans[range];
    const to = clock.now();
    return read({ from: to - spanMs, to, resolutionMs }, points);
  };
  return {
    now: deps.now,
    series,
    slice(principal, messageId) {
      const { fromMs, toMs } = answerTime(principal, messageId, { workspace, now: clock.now() });
      const resolutionMs = finestFor(clock.now() - fromMs);
      // One interval more on both sides: power between two readings is known only from both.
      const around = { from: fromMs - resolutionMs, to: toMs + resolutionMs, resolutionMs };
      const part = read(around, slicePoints);
      return { messageId, fromMs, toMs, series: part, energyJoules: energyBetween(part, fromMs, toMs) };
    },
    alerts: () => alerts.states,
    setAlert(rule) {
      alerts.set(rule);
      return alerts.states;
    },
    removeAlert(id) {
      alerts.remove(id);
      return alerts.states;
    },
    export: (range, format) =>
      exportSamples(series(range, Number.POSITIVE_INFINITY), { range, format, now: clock.now() }),
  };
}

/** Generations know when they began and ended by the wall clock; one that was cut off has only its statistics. */
function answerTime(principal: Principal, messageId: string, deps: { workspace: Workspace; now: number }) {
  const message = deps.workspace.messages.get(principal, messageId);
  const run = deps.workspace.generations.listByMessage(principal, messageId).at(-1);
  const fromMs = run?.startedAt ?? message.createdAt;
  const counted = fromMs + (message.stats?.totalMs ?? 0);
  const toMs = run?.endedAt ?? (message.status === "running" ? deps.now : counted);
  return { fromMs, toMs: Math.max(fromMs, toMs) };
}

function finestFor(ageMs: number): number {
  const tier = tierPlans.find(({ keepMs, blockMs }) => ageMs < keepMs - blockMs) ?? tierPlans.at(-1);
  return tier?.resolutionMs ?? second;
}
