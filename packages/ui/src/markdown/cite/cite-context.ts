import { createContext, type ReactNode } from "react";
import type { CiteTarget } from "./cite-marks.ts";

export interface CiteRendering {
  /** Of the links in this text; empty: it has none. */
  readonly token: string;
  render(target: CiteTarget, words: ReactNode): ReactNode;
}

export const CiteContext = createContext<CiteRendering>({ token: "", render: (_, words) => words });
