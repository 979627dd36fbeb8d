import { createStore, type StoreApi } from "zustand/vanilla";

export type ConnectionPhase = "connecting" | "connected" | "reconnecting" | "lost";

export interface ConnectionState {
  /** "lost": several tries have failed; it goes on trying. */
  phase: ConnectionPhase;
  /** Grows by one with each connection that stands. What was subscribed before has to be subscribed again. */
  epoch: number;
  /** Tries that failed since the connection was lost. */
  failures: number;
  actions: {
    opened(): void;
    closed(): void;
    failed(): void;
  };
}

export type ConnectionStore = StoreApi<ConnectionState>;

/** After how many tries "reconnecting" becomes "lost". */
const failuresUntilLost = 3;

export function createConnectionStore(): ConnectionStore {
  return createStore((set) => ({
    phase: "connecting",
    epoch: 0,
    failures: 0,
    actions: {
      opened: () => set((state) => ({ phase: "connected", epoch: state.epoch + 1, failures: 0 })),
      closed: () => set({ phase: "reconnecting", failures: 0 }),
      failed: () =>
        set((state) => {
          const failures = state.failures + 1;
          if (failures >= failuresUntilLost) return { failures, phase: "lost" };
          return { failures, phase: state.epoch === 0 ? "connecting" : "reconnecting" };
        }),
    },
  }));
}
