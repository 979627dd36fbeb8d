import { createHash } from "node:crypto";
import { spanSchema } from "@deskside/contract";
import type { StoredPassage } from "@deskside/storage";
import { z } from "zod";
import type { Passage } from "../../chunk/passage.ts";
import { searchedText } from "../../chunk/passage-context.ts";
import { indexWords } from "../../retrieve/index-words.ts";
import type { PassageHit } from "../passage-index.ts";

const contextSchema = z.object({ title: z.string(), sections: z.array(z.string()) });
const kindSchema = z.enum(["text", "table", "list", "code"]);

export function embeddedTextOf({ context, text }: Pick<StoredPassage, "context" | "text">): string {
  return searchedText({ context: contextSchema.parse(JSON.parse(context)), text });
}

export function toRow(passage: Passage) {
  const { title, sections } = passage.context;
  return {
    ...{ text: passage.text, kind: passage.kind, tokens: passage.tokens },
    context: JSON.stringify(passage.context),
    spans: JSON.stringify(passage.spans),
    textHash: createHash("sha256").update(searchedText(passage)).digest().subarray(0, 16),
    words: { context: indexWords([title, ...sections].join("\n")), body: indexWords(passage.text) },
  };
}

export function toPassage(row: StoredPassage): Omit<PassageHit, "score" | "fullText" | "vector" | "deviations"> {
  return {
    ...{ passageId: passageId(row.seq), documentId: row.document, collectionId: row.collection, path: row.path },
    ...{ position: row.position, text: row.text, tokens: row.tokens },
    context: contextSchema.parse(JSON.parse(row.context)),
    kind: kindSchema.parse(row.kind),
    spans: z.array(spanSchema).parse(JSON.parse(row.spans)),
  };
}

export function passageId(seq: number): string {
  return `passage_${seq.toString(36)}`;
}

/** Null for what is no id of a passage. */
export function passageSeq(id: string): number | null {
  const match = /^passage_([0-9a-z]{1,11})$/.exec(id);
  const seq = match?.[1] === undefined ? Number.NaN : Number.parseInt(match[1], 36);
  return Number.isSafeInteger(seq) ? seq : null;
}
