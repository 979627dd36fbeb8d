import {
  type AlertState,
  type Contract,
  deskError,
  gpuColumns,
  gpuKey,
  machineColumns,
  type MonitorRange,
  type MonitorSample,
  type MonitorSeries,
} from "@deskside/contract";
import type { ContractClient } from "@deskside/rpc";
import { type FakeWorld, messageOf } from "../fake-world.ts";

const rangeMs: Record<MonitorRange, number> = {
  "1m": 60_000,
  "15m": 900_000,
  "1h": 3_600_000,
  "24h": 86_400_000,
  "7d": 7 * 86_400_000,
};

/** Samples as the columns of a series; every `step`-th one, so that no more than `points` are left. */
export function toSeries(samples: readonly MonitorSample[], points = Number.POSITIVE_INFINITY): MonitorSeries {
  const step = Math.max(1, Math.ceil(samples.length / points));
  const kept = samples.filter((_, index) => index % step === 0);
  const gpus = new Map(kept.flatMap((sample) => sample.gpus.map((gpu) => [gpu.id, gpu.name] as const)));
  const values: MonitorSeries["values"] = {};
  for (const column of machineColumns) values[column.key] = kept.map(column.of);
  for (const id of gpus.keys()) {
    for (const column of gpuColumns) {
      values[gpuKey(id, column.key)] = kept.map((sample) => {
        const gpu = sample.gpus.find((candidate) => candidate.id === id);
        return gpu ? column.of(gpu) : null;
      });
    }
  }
  const [first, second] = kept;
  return {
    resolutionMs: first && second ? second.at - first.at : 1000,
    at: kept.map((sample) => sample.at),
    gpus: [...gpus].map(([id, name]) => ({ id, name })),
    values,
  };
}

export function createFakeMonitor(world: FakeWorld): ContractClient<Contract>["monitor"] {
  const within = (from: number, to: number) => world.samples.filter(({ at }) => at >= from && at <= to);
  const recent = (range: MonitorRange) => {
    const end = world.samples.at(-1)?.at ?? world.now();
    return within(end - rangeMs[range], end);
  };
  const change = (alerts: AlertState[]) => {
    world.alerts = alerts;
    world.feed.emit({ type: "alerts", alerts });
    return alerts;
  };
  return {
    now: async () => {
      const sample = world.samples.at(-1);
      if (!sample) throw deskError("TIMED_OUT", { what: "sampler", ms: 0 });
      return sample;
    },
    series: async ({ range, points = 2000 }) => toSeries(recent(range), points),
    slice: async ({ messageId }) => {
      const message = messageOf(world, messageId);
      const toMs = message.createdAt + (message.stats?.totalMs ?? 0);
      const samples = within(message.createdAt - 1000, toMs + 1000);
      return {
        messageId,
        fromMs: message.createdAt,
        toMs,
        series: toSeries(samples),
        energyJoules: energyOf(samples),
      };
    },
    alerts: async () => world.alerts,
    setAlert: async (rule) => {
      const known = world.alerts.find((state) => state.rule.id === rule.id);
      const state = known ? { ...known, rule } : { rule, value: null, activeSince: null };
      return change(known ? world.alerts.map((other) => (other === known ? state : other)) : [...world.alerts, state]);
    },
    removeAlert: async ({ id }) => change(world.alerts.filter((state) => state.rule.id !== id)),
    export: async ({ range, format }) => {
      const series = toSeries(recent(range));
      const text = format === "json" ? JSON.stringify(series) : csvOf(series);
      return { fileName: `deskside-monitor-${range}.${format}`, text };
    },
  };
}

/** Each reading counts until the next one; null where no GPU reports power. */
function energyOf(samples: readonly MonitorSample[]): number | null {
  let joules: number | null = null;
  samples.forEach((sample, index) => {
    const next = samples[index + 1];
    if (!next) return;
    for (const gpu of sample.gpus) {
      if (gpu.power !== null) joules = (joules ?? 0) + (gpu.power * (next.at - sample.at)) / 1000;
    }
  });
  return joules;
}

function csvOf(series: MonitorSeries): string {
  const keys = Object.keys(series.values);
  const rows = series.at.map((at, row) => [at, ...keys.map((key) => series.values[key]?.[row] ?? "")].join(","));
  return [["at", ...keys].join(","), ...rows].join("\r\n");
}
