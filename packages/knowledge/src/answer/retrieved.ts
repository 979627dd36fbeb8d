import type { Retrieval, SearchHit } from "@deskside/contract";
import type { TermStatistics } from "../cite/term-weights.ts";

/** A passage that was found, with what the answer's check needs beside what a person sees. */
export interface RetrievedPassage extends SearchHit {
  /** Title and headings above it. */
  readonly context: string;
  /** Cosine with the question in standard deviations above the mean of what was searched; null without vectors. */
  readonly deviations: number | null;
}

/** What a search for an answer brings. Best passage first. */
export interface Retrieved {
  readonly question: string;
  readonly rewritten: string | null;
  readonly passages: readonly RetrievedPassage[];
  /** Everything that was searched, in the order of the documents, when it is short enough to be read whole. */
  readonly whole: readonly RetrievedPassage[] | null;
  readonly statistics: TermStatistics;
  readonly report: Pick<Retrieval, "files" | "passages" | "ms" | "fullText" | "vectors">;
  /** The question's deviations for sentences, in the scale of the passages'; null without vectors. */
  readonly sentenceDeviations: ((sentences: readonly string[], signal: AbortSignal) => Promise<number[]>) | null;
  /** Cosine of each statement with each sentence; null without vectors. */
  readonly likeness:
    | ((statements: readonly string[], sentences: readonly string[], signal: AbortSignal) => Promise<number[][]>)
    | null;
}
