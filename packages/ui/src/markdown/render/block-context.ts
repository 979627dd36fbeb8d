import { createContext } from "react";
import { type Definitions, noDefinitions } from "../split/definitions.ts";

export interface BlockState {
  /** The end of this block is still being written. */
  growing: boolean;
  /** Characters of the block as it was parsed: what ends before them does not grow any more. */
  length: number;
}

export const BlockContext = createContext<BlockState>({ growing: false, length: 0 });

/** Footnotes of the whole answer, for the marks in its blocks; `idPrefix` keeps answers apart. */
export const FootnoteContext = createContext<{ definitions: Definitions; idPrefix: string }>({
  definitions: noDefinitions,
  idPrefix: "",
});
