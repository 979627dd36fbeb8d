import type { StoredPassage } from "@deskside/storage";
import { passageId, passageSeq, toPassage } from "../../embedded/stored-passages.ts";

/** Ids of what lies on a server say so: whoever has one knows where to ask, without asking. */
export const serverPrefixes = { collection: "scoll", document: "sdoc" } as const;

export function serverPassageId(seq: number): string {
  return `s${passageId(seq)}`;
}

/** Null for what is no id of a passage on a server. */
export function serverPassageSeq(id: string): number | null {
  return id.startsWith("s") ? passageSeq(id.slice(1)) : null;
}

export function toServerPassage(row: StoredPassage) {
  return { ...toPassage(row), passageId: serverPassageId(row.seq) };
}
