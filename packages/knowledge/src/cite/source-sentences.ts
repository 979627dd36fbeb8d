import type { TextRange } from "@deskside/contract";
import { splitSentences } from "../chunk/split-sentences.ts";
import { findTerms, type Term } from "./terms.ts";

export interface SourceText {
  /** The number on the chip. */
  readonly n: number;
  readonly text: string;
  /** Title and headings above it: they say what "it" is. */
  readonly context: string;
}

/** A sentence that can carry a statement. */
export interface SourceSentence extends TextRange {
  readonly source: number;
  readonly text: string;
  readonly terms: readonly Term[];
  readonly keys: ReadonlySet<string>;
  /** Terms of the title, the headings and the two sentences before: what a pronoun may stand for. */
  readonly nearby: ReadonlySet<string>;
}

export function sourceSentences(sources: readonly SourceText[]): SourceSentence[] {
  return sources.flatMap((source) => {
    const context = findTerms(source.context).map(({ key }) => key);
    const before: Term[][] = [];
    return splitSentences(source.text).map((range): SourceSentence => {
      const text = source.text.slice(range.start, range.end);
      const terms = findTerms(text);
      const nearby = new Set([...context, ...before.slice(-2).flatMap((list) => list.map(({ key }) => key))]);
      before.push(terms);
      return {
        ...trimmedRange(range, text),
        source: source.n,
        text,
        terms,
        keys: new Set(terms.map(({ key }) => key)),
        nearby,
      };
    });
  });
}

function trimmedRange({ start }: TextRange, text: string): TextRange {
  const lead = text.length - text.trimStart().length;
  return { start: start + lead, end: start + Math.max(lead, text.trimEnd().length) };
}
