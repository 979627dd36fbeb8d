import { createContext, useContext } from "react";
import { useStore } from "zustand";
import { createStore, type StoreApi } from "zustand/vanilla";

/** The row that all charts point at; null = nobody points. */
export interface CursorState {
  row: number | null;
  point(row: number | null): void;
}

export type CursorStore = StoreApi<CursorState>;

export function createCursorStore(): CursorStore {
  return createStore((set) => ({ row: null, point: (row) => set({ row }) }));
}

export const CursorContext = createContext<CursorStore>(createCursorStore());

export function useCursorRow(): number | null {
  return useStore(useContext(CursorContext), (state) => state.row);
}
