import type { MonitorSample, Telemetry } from "@deskside/contract";
import { createStore, type StoreApi } from "zustand/vanilla";

/** Seconds that the sparkline covers. */
export const telemetrySeconds = 60;

export interface TelemetryState {
  /** Null until a reading came, and again when the connection is gone. */
  latest: Telemetry | null;
  /** The last minute, oldest first, one reading a second. */
  history: readonly Telemetry[];
  /** The newest reading of the monitor; null until one came. */
  sample: MonitorSample | null;
  actions: {
    push(telemetry: Telemetry): void;
    pushSample(sample: MonitorSample): void;
    forget(): void;
  };
}

export type TelemetryStore = StoreApi<TelemetryState>;

export function createTelemetryStore(): TelemetryStore {
  return createStore((set) => ({
    latest: null,
    history: [],
    sample: null,
    actions: {
      push: (telemetry) =>
        set((state) => ({ latest: telemetry, history: [...state.history, telemetry].slice(-telemetrySeconds) })),
      pushSample: (sample) => set({ sample }),
      forget: () => set({ latest: null, history: [], sample: null }),
    },
  }));
}
