import type { Grounding, Message } from "@deskside/contract";
import { citationsOf } from "../cited-page/citations-of.ts";
import { type ExportBlock, readBlocks } from "./read-blocks.ts";

/** A sentence of a document, as it is quoted below an exported answer. */
export interface ExportedQuote {
  readonly n: number;
  readonly document: string;
  readonly page: number | null;
  readonly text: string;
}

/** An answer from documents as it leaves the app: the same numbers and marks as on the screen. */
export interface CitedAnswer {
  readonly question: string;
  readonly blocks: readonly ExportBlock[];
  readonly quotes: readonly ExportedQuote[];
  readonly model: string | null;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly verdict: Grounding["verdict"];
  /** Statements that could be looked up, and how many of them a passage supports. */
  readonly checked: number;
  readonly cited: number;
}

export function citedAnswer(question: string, message: Message, grounding: Grounding): CitedAnswer {
  const checked = grounding.statements.filter(({ support }) => support !== "plain");
  return {
    question,
    blocks: readBlocks(message.text, grounding.statements),
    quotes: citationsOf(grounding)
      .map(({ source, range }) => ({
        n: source.n,
        document: source.document,
        page: source.page,
        text: source.text.slice(range.start, range.end).trim(),
      }))
      .sort((a, b) => a.n - b.n),
    model: message.model?.name ?? null,
    at: message.createdAt,
    verdict: grounding.verdict,
    checked: checked.length,
    cited: checked.filter(({ support }) => support === "supported").length,
  };
}
