/** After this many failures in a row an engine is left alone until somebody asks. */
export const failuresToGiveUp = 3;

export interface EngineLifecycle {
  readonly phase: "off" | "starting" | "loading" | "ready" | "restarting" | "gave-up";
  readonly failures: number;
}

export type LifecycleEvent =
  | { type: "start" }
  | { type: "spawned" }
  | { type: "loaded" }
  /** The process ended or had to be ended, or could not load. `retry`: another try may help. */
  | { type: "failed"; retry: boolean }
  /** An answer came to its end: whatever failed before is over. */
  | { type: "answered" }
  /** Somebody asks for another try. */
  | { type: "reset" }
  | { type: "stopped" };

export const offLifecycle: EngineLifecycle = { phase: "off", failures: 0 };

/** What an engine is after `event`. Events that do not fit the phase change nothing. */
export function nextLifecycle(state: EngineLifecycle, event: LifecycleEvent): EngineLifecycle {
  switch (event.type) {
    case "start":
      return state.phase === "off" ? { ...state, phase: "starting" } : state;
    case "spawned":
      return state.phase === "starting" || state.phase === "restarting" ? { ...state, phase: "loading" } : state;
    case "loaded":
      return state.phase === "loading" ? { ...state, phase: "ready" } : state;
    case "failed": {
      if (state.phase === "off" || state.phase === "gave-up") return state;
      const failures = state.failures + 1;
      if (!event.retry) return { phase: "off", failures };
      return { phase: failures >= failuresToGiveUp ? "gave-up" : "restarting", failures };
    }
    case "answered":
      return state.phase === "ready" ? { ...state, failures: 0 } : state;
    case "reset":
      return state.phase === "gave-up" ? offLifecycle : state;
    case "stopped":
      return offLifecycle;
  }
}
