import type { Clock } from "@deskside/base";
import type { MonitorSample } from "@deskside/contract";
import type { BlockRange, MonitorRepository, SampleBlock } from "@deskside/storage";
import type { Logger } from "../../log/logger.ts";
import { createHistoryTier, tierPlans } from "./history-tier.ts";
import { layoutOf, type SampleLayout, valuesOf } from "./sample-layout.ts";

/**
 * Readings of the last week. They are written in batches: a kill costs what came since the last `flush`. A store that
 * takes no writes costs nothing but the past before this start: as much as would be on disk is then kept in memory.
 */
export interface SampleHistory {
  add(sample: MonitorSample): void;
  /** Writes what is not on disk yet. Never throws: what could not be written is tried again. */
  flush(): void;
  /** Blocks that may touch the range, in no order. */
  read(range: BlockRange): SampleBlock[];
}

const pruneEveryMs = 5 * 60_000;
/** A wall clock that went this far from the monotonic one was set, or the machine slept. */
const jumpMs = 60_000;
/** For this long after a jump nothing is deleted by its time: the clock may be set right again. */
const distrustMs = 3600_000;
/** Blocks of the future are those of a clock that was wrong. */
const futureMs = 60_000;
/** Starts and changes of the hardware begin new blocks: so many times more than needed are kept at most. */
const spareBlocks = 4;

export function createSampleHistory(deps: { store: MonitorRepository; clock: Clock; log: Logger }): SampleHistory {
  const { store, clock, log } = deps;
  const tiers = tierPlans.map(createHistoryTier);
  const trust = createClockTrust(clock);
  let layout: SampleLayout = layoutOf([]);
  let prunedAt = clock.monotonic();
  const told = { write: false, read: false };

  const tell = (what: "write" | "read", error: unknown) => {
    if (!told[what]) log.warn({ err: error }, `monitor readings could not be ${what === "write" ? "stored" : "read"}`);
    told[what] = true;
  };
  const prune = () => {
    if (clock.monotonic() - prunedAt < pruneEveryMs) return;
    prunedAt = clock.monotonic();
    const now = clock.now();
    store.prune(
      tierPlans.map(({ resolutionMs, keepMs, blockMs }) => ({
        resolutionMs,
        before: trust.trusted() ? now - keepMs : Number.MIN_SAFE_INTEGER,
        after: trust.trusted() ? now + futureMs : Number.MAX_SAFE_INTEGER,
        keepBlocks: spareBlocks * Math.ceil(keepMs / blockMs),
      })),
    );
  };

  return {
    add(sample) {
      trust.observe();
      const next = layoutOf(sample.gpus);
      if (next.key !== layout.key) layout = next;
      const values = valuesOf(sample);
      for (const tier of tiers) tier.add(layout, Math.round(sample.at), values);
    },
    flush() {
      try {
        store.write(tiers.flatMap((tier) => tier.unwritten()));
        for (const tier of tiers) tier.written();
        told.write = false;
        prune();
      } catch (error) {
        tell("write", error);
      }
    },
    read(range) {
      const here = tiers.find(({ plan }) => plan.resolutionMs === range.resolutionMs)?.blocks() ?? [];
      const ids = new Set(here.map(({ id }) => id));
      try {
        return [...store.read(range).filter(({ id }) => !ids.has(id)), ...here];
      } catch (error) {
        tell("read", error);
        return here;
      }
    },
  };
}

function createClockTrust(clock: Clock) {
  let last = { wall: clock.now(), monotonic: clock.monotonic() };
  let until = Number.NEGATIVE_INFINITY;
  return {
    observe() {
      const now = { wall: clock.now(), monotonic: clock.monotonic() };
      const drift = now.wall - last.wall - (now.monotonic - last.monotonic);
      if (Math.abs(drift) > jumpMs) until = now.monotonic + distrustMs;
      last = now;
    },
    trusted: () => clock.monotonic() >= until,
  };
}
