import type { Clock } from "@deskside/base";
import type { ProbeSource } from "../../source/probe-source.ts";

export const nvlinkEveryMs = 5000;

/** Bytes since the driver was loaded, sent and received over all links, by the number of the GPU. */
export type NvlinkCounters = ReadonlyMap<number, number>;

/**
 * `nvidia-smi nvlink -gt d`: `GPU 0: NVIDIA H100 … (UUID: …)`, then `	 Link 0: Data Tx: 26737 KiB` and `… Data Rx: …` for
 * each link. Shape seen from V100 to H200 with drivers up to 610; some drivers between write `Link 0: Tx0: 1 KiB`. A
 * link that answers `N/A` does not count.
 */
export function parseNvlinkCounters(text: string): NvlinkCounters {
  const counters = new Map<number, number>();
  let gpu: number | null = null;
  for (const line of text.slice(0, 1024 * 1024).split(/\r?\n/)) {
    const heading = /^GPU (\d{1,3}):/.exec(line)?.[1];
    if (heading !== undefined) gpu = Number(heading);
    const kib = /^\s*Link \d{1,3}: (?:Data )?[TR]x\d?: (\d{1,15}) KiB\s*$/.exec(line)?.[1];
    if (gpu !== null && kib !== undefined) counters.set(gpu, (counters.get(gpu) ?? 0) + Number(kib) * 1024);
  }
  return counters;
}

export interface NvlinkTraffic {
  /** Asks at most every five seconds, in the background. */
  refresh(): void;
  /** Bytes a second, both directions, between the last two answers; null = not known, or too long ago. */
  of(gpu: number): number | null;
}

interface Counted {
  readonly at: number;
  readonly counters: NvlinkCounters;
}

export function createNvlinkTraffic(source: ProbeSource, clock: Clock): NvlinkTraffic {
  let [before, last]: [Counted | null, Counted | null] = [null, null];
  let nextAt = 0;
  let asking = false;
  const ask = async () => {
    asking = true;
    try {
      const answer = await source.run("nvidia-smi", ["nvlink", "-gt", "d"]);
      const counters = parseNvlinkCounters(answer.status === "done" ? answer.stdout : "");
      before = last;
      last = counters.size === 0 ? null : { at: clock.monotonic(), counters };
    } finally {
      asking = false;
    }
  };
  return {
    refresh() {
      if (asking || clock.monotonic() < nextAt) return;
      nextAt = clock.monotonic() + nvlinkEveryMs;
      void ask();
    },
    of(gpu) {
      if (!before || !last || clock.monotonic() - last.at > 2 * nvlinkEveryMs + 3000) return null;
      const [from, to] = [before.counters.get(gpu), last.counters.get(gpu)];
      const seconds = (last.at - before.at) / 1000;
      // A counter that went back was set to zero, by a driver loaded again.
      if (from === undefined || to === undefined || to < from || seconds <= 0) return null;
      return (to - from) / seconds;
    },
  };
}
