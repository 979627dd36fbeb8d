import { type Clock, sleep } from "@deskside/base";
import type { DmonReading } from "../nvidia/nvidia-dmon.ts";
import type { ProbeSource } from "../source/probe-source.ts";
import { createDmonStream } from "./nvidia/dmon-stream.ts";
import { queryLive } from "./nvidia/live-query.ts";
import { createNvlinkTraffic } from "./nvidia/nvlink-traffic.ts";

/** A reading older than this is none. */
export const staleMs = 6000;
export const queryEveryMs = 3000;
/** Readings asked for less often than this come from nobody who watches. */
export const watchedPaceMs = 5000;
/** How long such a reading waits for its answer. */
const idleWaitMs = 500;

export interface NvidiaReading extends DmonReading {
  readonly nvlinkPerSecond: number | null;
}

export interface NvidiaLive extends Disposable {
  /** Newest figures by normalised PCI bus id. Starts what is needed. */
  readings(): Promise<ReadonlyMap<string, NvidiaReading>>;
}

export interface NvidiaLiveOptions {
  readonly source: ProbeSource;
  readonly clock: Clock;
  /** Of the GPUs to read. */
  readonly busIds: readonly string[];
  readonly hasNvlink: boolean;
}

/**
 * While somebody watches: one long-lived process, and where that is silent or dead, a query every three seconds. At a
 * slower pace a query for each reading, so that no process keeps a laptop's GPU from powering down; one that is powered
 * down is not asked at all, because asking wakes it.
 */
export function createNvidiaLive({ source, clock, busIds, hasNvlink }: NvidiaLiveOptions): NvidiaLive {
  const newest = new Map<string, { readonly at: number; readonly reading: DmonReading }>();
  const buses = new Map<number, string>();
  const nvlink = hasNvlink ? createNvlinkTraffic(source, clock) : null;
  const keep = (bus: string | undefined, reading: DmonReading) => {
    if (bus !== undefined) newest.set(bus, { at: clock.monotonic(), reading });
  };
  const stream = createDmonStream(source, clock, (reading) => keep(buses.get(reading.index), reading));
  let query: Promise<void> | null = null;
  let nextQueryAt = 0;
  let askedAt: number | null = null;
  let disposed = false;

  const ask = async () => {
    for (const { busId, ...reading } of await queryLive(source)) {
      buses.set(reading.index, busId);
      // The stream's have PCIe traffic.
      if (!stream.streaming) keep(busId, reading);
    }
  };
  const askAgain = () => {
    nextQueryAt = clock.monotonic() + queryEveryMs;
    query ??= ask().finally(() => {
      query = null;
    });
    return query;
  };

  return {
    async readings() {
      const now = clock.monotonic();
      const watched = askedAt === null || now - askedAt < watchedPaceMs;
      askedAt = now;
      if (!watched) stream.stop();
      if (!stream.streaming && (await allAsleep(source, busIds))) return new Map();
      if (disposed) return new Map();
      if (!watched) await Promise.race([askAgain(), sleep(idleWaitMs)]);
      else {
        // The query also says which GPU a number of the stream stands for.
        if (!stream.streaming && now >= nextQueryAt) void askAgain();
        if (buses.size > 0) stream.keepRunning();
        nvlink?.refresh();
      }
      const then = clock.monotonic();
      const fresh = [...newest].filter(([, { at }]) => then - at <= staleMs);
      return new Map(
        fresh.map(([bus, { reading }]) => [bus, { ...reading, nvlinkPerSecond: nvlink?.of(reading.index) ?? null }]),
      );
    },
    [Symbol.dispose]() {
      disposed = true;
      stream.stop();
    },
  };
}

/** https://docs.kernel.org/power/runtime_pm.html; other systems and older kernels do not say, and count as awake. */
async function allAsleep(source: ProbeSource, busIds: readonly string[]): Promise<boolean> {
  if (source.platform !== "linux" || busIds.length === 0) return false;
  const read = (bus: string) => source.readText(`/sys/bus/pci/devices/${bus}/power/runtime_status`);
  const states = await Promise.all(busIds.map(read));
  return states.every((state) => state?.trim() === "suspended");
}
