import { createStore, type StoreApi } from "zustand/vanilla";
import { type CatalogueFilter, everything } from "./catalogue-index.ts";

export interface DiscoverState {
  /** Stays when another part of the window is shown; a new window starts with everything. */
  readonly filter: CatalogueFilter;
  readonly actions: { change(patch: Partial<CatalogueFilter>): void };
}

export type DiscoverStore = StoreApi<DiscoverState>;

export function createDiscoverStore(): DiscoverStore {
  return createStore<DiscoverState>((set) => ({
    filter: everything,
    actions: { change: (patch) => set(({ filter }) => ({ filter: { ...filter, ...patch } })) },
  }));
}
