import { deskError } from "@deskside/contract";

/** Longest time that Node's timers know; more would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

export interface Deadline {
  /** Aborts with the caller's reason, or with EGRESS_FAILED (`too-slow`). */
  readonly signal: AbortSignal;
  clear(): void;
}

/** The caller's signal and the time for everything, in one. `Infinity` is no limit. */
export function createDeadline(ms: number, host: string, signal: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  const expire = () => controller.abort(deskError("EGRESS_FAILED", { host, detail: "too-slow" }));
  const timer = Number.isFinite(ms) ? setTimeout(expire, Math.min(ms, longestTimerMs)) : undefined;
  return {
    signal: signal ? AbortSignal.any([signal, controller.signal]) : controller.signal,
    clear: () => clearTimeout(timer),
  };
}
