import type { Clock } from "@deskside/base";
import type { ProbeSource } from "../source/probe-source.ts";

const everyMs = 2000;
const staleMs = 6000;

export interface AppleReading {
  readonly utilisation: number | null;
  readonly usedBytes: number | null;
}

/** From `ioreg -r -d 1 -w 0 -c IOAccelerator`: `"PerformanceStatistics" = {"Device Utilization %"=12,"In use system memory"=34,…}`. */
export function parseAccelerator(text: string): AppleReading | null {
  const statistics = /"PerformanceStatistics"\s*=\s*\{([^}]{0,20000})\}/.exec(text.slice(0, 1024 * 1024))?.[1];
  if (statistics === undefined) return null;
  const value = (name: string) => {
    const found = new RegExp(`"${name}"\\s*=\\s*(\\d{1,16})(?:,|$|\\s)`).exec(`${statistics},`)?.[1];
    return found === undefined ? null : Number(found);
  };
  const busy = value("Device Utilization %");
  return { utilisation: busy === null ? null : Math.min(100, busy), usedBytes: value("In use system memory") };
}

/** Asks at most every two seconds, in the background: gives what is at hand. */
export function createAppleLive(source: ProbeSource, clock: Clock): () => AppleReading | null {
  let last: { readonly at: number; readonly reading: AppleReading } | null = null;
  let nextAt = 0;
  let asking = false;
  const ask = async () => {
    asking = true;
    try {
      const answer = await source.run("ioreg", ["-r", "-d", "1", "-w", "0", "-c", "IOAccelerator"]);
      const reading = answer.status === "done" ? parseAccelerator(answer.stdout) : null;
      if (reading) last = { at: clock.monotonic(), reading };
    } finally {
      asking = false;
    }
  };
  return () => {
    const now = clock.monotonic();
    if (!asking && now >= nextAt) {
      nextAt = now + everyMs;
      void ask();
    }
    return last && now - last.at <= staleMs ? last.reading : null;
  };
}
