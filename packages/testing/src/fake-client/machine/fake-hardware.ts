import { type BenchReport, type Contract, deskError } from "@deskside/contract";
import type { ContractClient } from "@deskside/rpc";
import { asClientStream } from "../change-feed.ts";
import type { FakeWorld } from "../fake-world.ts";
import { sampleBenchRun } from "./sample-machine.ts";

type BenchClient = ContractClient<Contract>["bench"];
type BenchStream = Awaited<ReturnType<BenchClient["watch"]>>;

export function createFakeHardware(world: FakeWorld): ContractClient<Contract>["hardware"] {
  return {
    profile: async () => world.machine,
    refresh: async () => {
      world.machine = { ...world.machine, at: world.now() };
      world.feed.emit({ type: "machine" });
      return world.machine;
    },
    fit: async ({ model }) => {
      const report = world.fits.get(model);
      if (!report) throw deskError("MODEL_NOT_FOUND", { model, nearest: [] });
      return report;
    },
    recommendations: async ({ limit = 6 }) => world.recommendations.slice(0, limit),
  };
}

/** A bench that is over as soon as somebody watches it. */
export function createFakeBench(world: FakeWorld): BenchClient {
  const started = new Map<string, BenchReport>();
  const cancelled = new Set<string>();
  return {
    start: async ({ model: modelId }) => {
      const model = world.models.find(({ id }) => id === modelId);
      if (!model) throw deskError("MODEL_NOT_FOUND", { model: modelId, nearest: [] });
      const benchId = `bench-${started.size + 1}`;
      started.set(benchId, {
        model: model.name,
        quantization: model.quantization,
        at: world.now(),
        runs: [sampleBenchRun],
        threads: [
          { threads: 1, idleTokensPerSecond: 60, busyTokensPerSecond: 52 },
          { threads: 2, idleTokensPerSecond: 104, busyTokensPerSecond: 21 },
        ],
        chosenThreads: 1,
      });
      return { benchId };
    },
    watch: async ({ benchId }) => {
      const report = started.get(benchId);
      if (!report) throw deskError("BENCH_NOT_FOUND", { benchId });
      return asClientStream<BenchStream>(eventsOf(report, cancelled.has(benchId)));
    },
    cancel: async ({ benchId }) => void cancelled.add(benchId),
    reports: async () => [...started.values()].reverse(),
  };
}

async function* eventsOf(report: BenchReport, cancelled: boolean) {
  yield { type: "progress", done: 0, total: 1, report: { ...report, runs: [] } };
  yield cancelled ? { type: "cancelled" } : { type: "done", report };
}
