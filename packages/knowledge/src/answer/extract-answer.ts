import type { Statement } from "@deskside/contract";
import type { EvidenceSentence } from "../cite/find-evidence.ts";

export interface ExtractedAnswer {
  /** Markdown: one quote for each sentence, its source's number behind it. */
  readonly text: string;
  readonly statements: Statement[];
}

interface Quoted {
  readonly source: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The sentences themselves, in the order of their sources: no word that is not theirs. */
export function extractAnswer(
  sentences: readonly EvidenceSentence[],
  textOf: (passage: number) => string,
  sourceOf: (passage: number) => number | null,
): ExtractedAnswer {
  const quoted = sentences
    .flatMap(({ passage, start, end }): Quoted[] => {
      const source = sourceOf(passage);
      return source === null ? [] : [{ source, start, end, text: textOf(passage).slice(start, end).trim() }];
    })
    .sort((a, b) => a.source - b.source || a.start - b.start);
  const statements: Statement[] = [];
  const lines: string[] = [];
  let at = 0;
  for (const { source, start, end, text } of quoted) {
    const line = `> ${text.replaceAll(/\s*\n\s*/g, " ")} [${source}]`;
    const citations = [{ source, start, end }];
    statements.push({ start: at + 2, end: at + line.length, support: "supported", citations, missing: [] });
    lines.push(line);
    at += line.length + 2;
  }
  return { text: lines.join("\n\n"), statements };
}
