import type { EngineState } from "@deskside/contract";
import { createStore, type StoreApi } from "zustand/vanilla";

export interface EnginesState {
  /** Null until the backend has told. */
  engines: readonly EngineState[] | null;
  /** The model somebody asked for while another one answers: what happens to that answer is being asked. */
  askedSwitch: string | null;
  actions: {
    replace(engines: readonly EngineState[]): void;
    /** The connection is gone: nothing is known. */
    forget(): void;
    askSwitch(modelId: string | null): void;
  };
}

export type EngineStore = StoreApi<EnginesState>;

export function createEngineStore(): EngineStore {
  return createStore((set) => ({
    engines: null,
    askedSwitch: null,
    actions: {
      replace: (engines) => set({ engines }),
      forget: () => set({ engines: null, askedSwitch: null }),
      askSwitch: (askedSwitch) => set({ askedSwitch }),
    },
  }));
}

const urgency: Record<EngineState["phase"], number> = {
  answering: 0,
  restarting: 1,
  loading: 2,
  starting: 3,
  "gave-up": 4,
  ready: 5,
  off: 6,
};

/** The engine the machine strip speaks of: what works comes first, then what needs somebody, then what waits. */
export function selectLeadEngine(state: EnginesState): EngineState | null {
  const [first, ...rest] = state.engines ?? [];
  if (!first) return null;
  return rest.reduce((lead, engine) => (urgency[engine.phase] < urgency[lead.phase] ? engine : lead), first);
}

/** Finds the engine that holds a model. */
export function selectEngineOf(modelId: string | null) {
  return (state: EnginesState): EngineState | null =>
    state.engines?.find((engine) => engine.model !== null && engine.model.id === modelId) ?? null;
}
