import { createContext } from "react";
import { type Definitions, noDefinitions } from "../split/definitions.ts";

export interface BlockState {
  /** The end of this block is still being written. */
  growing: boolean;
}

export const BlockContext = createContext<BlockState>({ growing: false });

/** Footnotes of the whole answer, for the marks in its blocks; `idPrefix` keeps answers apart. */
export const FootnoteContext = createContext<{ definitions: Definitions; idPrefix: string }>({
  definitions: noDefinitions,
  idPrefix: "",
});
