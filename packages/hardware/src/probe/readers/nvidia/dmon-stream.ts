import type { Clock } from "@deskside/base";
import { createDmonParser, type DmonReading } from "../../nvidia/nvidia-dmon.ts";
import type { FollowedCommand, ProbeSource } from "../../source/probe-source.ts";

/** A line a second is asked for; without one for this long the process counts as silent. */
export const silentMs = 5000;
export const firstRestartMs = 1000;
export const longestRestartMs = 5 * 60_000;
/** After this long with it, the next end is a new story. */
export const settledMs = 60_000;
/**
 * It ends by itself after an hour and is started anew: if this process is killed, it must not go on for ever where
 * writing into a closed pipe does not end it.
 */
const linesPerRun = 3600;

export interface DmonStream {
  /** Lines come in at this moment. */
  readonly streaming: boolean;
  /** Starts it if it is due, ends it if it went silent. Call it often. */
  keepRunning(): void;
  /** Ends it; `keepRunning` may start it again at once. */
  stop(): void;
}

/**
 * One long-lived `nvidia-smi dmon`, because starting a process for each reading costs far more than the reading.
 * `dmon` and not `--query-gpu -lms`: it has the PCIe traffic, which no query field has. Whether its lines come at once
 * when written to a pipe is up to driver and system, so that is watched. A process that dies, or is silent for five
 * seconds, is tried again after 1, 2, 4 … seconds, at most five minutes; one that ran for a minute, after one second.
 */
export function createDmonStream(
  source: ProbeSource,
  clock: Clock,
  onReading: (reading: DmonReading) => void,
): DmonStream {
  let running: FollowedCommand | null = null;
  let streaming = false;
  let [startedAt, heardAt] = [0, 0];
  let nextStartAt = 0;
  let waitMs = firstRestartMs;

  const end = () => {
    const ending = running;
    running = null;
    streaming = false;
    ending?.stop();
  };
  const fail = () => {
    const now = clock.monotonic();
    if (now - startedAt >= settledMs) waitMs = firstRestartMs;
    nextStartAt = now + waitMs;
    waitMs = Math.min(longestRestartMs, waitMs * 2);
    end();
  };
  const start = () => {
    const parse = createDmonParser();
    startedAt = clock.monotonic();
    heardAt = startedAt;
    const args = ["dmon", "-s", "pucmt", "-d", "1", "-c", String(linesPerRun)];
    const mine = source.follow("nvidia-smi", args, (line) => {
      const reading = running === mine ? parse(line) : null;
      if (!reading) return;
      heardAt = clock.monotonic();
      streaming = true;
      onReading(reading);
    });
    running = mine;
    void mine.ended.then(() => {
      if (running === mine) fail();
    });
  };

  return {
    get streaming() {
      return streaming;
    },
    keepRunning() {
      const now = clock.monotonic();
      if (running && now - heardAt > silentMs) fail();
      if (!running && now >= nextStartAt) start();
    },
    stop: end,
  };
}
