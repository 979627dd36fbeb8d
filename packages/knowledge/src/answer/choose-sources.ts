import type { Retrieval } from "@deskside/contract";
import type { Evidence } from "../cite/find-evidence.ts";
import type { Trust } from "./decide-answer.ts";
import type { RetrievedPassage } from "./retrieved.ts";

type LeftOut = NonNullable<Retrieval["hits"][number]["leftOut"]>;

export interface PromptSource {
  readonly n: number;
  readonly document: string;
  readonly page: number | null;
  /** Whole, or its best sentences for a model that gets lost in long sources. */
  readonly text: string;
}

export interface ChosenSources {
  readonly prompt: readonly PromptSource[];
  readonly sources: readonly { readonly n: number; readonly passage: RetrievedPassage }[];
  /** Number of the source that a passage became, by its place among the passages; null: left out. */
  numberOf(passage: number): number | null;
  whyLeftOut(passage: number): LeftOut;
}

interface Limits {
  readonly trust: Trust;
  readonly sourceTokens: number;
  readonly countTokens: (text: string) => Promise<number>;
}

/** A small model loses its way in more; a capable one gets as many as fit. */
const mostSources: Readonly<Record<Trust, number>> = { low: 3, normal: 12 };
/** Sentences a small model gets of one passage. */
const shownSentences = 3;

/** Takes passages, best first, until the budget is full; one that says the same as an earlier one is skipped. */
export async function chooseSources(
  passages: readonly RetrievedPassage[],
  evidence: Evidence,
  { trust, sourceTokens, countTokens }: Limits,
): Promise<ChosenSources> {
  const numbers = new Map<number, number>();
  const reasons = new Map<number, LeftOut>();
  const prompt: PromptSource[] = [];
  const sources: { n: number; passage: RetrievedPassage }[] = [];
  const texts = new Set<string>();
  let used = 0;
  for (const [index, passage] of passages.entries()) {
    const same = passage.text.replaceAll(/\s+/g, "");
    if (texts.has(same)) reasons.set(index, "same-text");
    else if (sources.length >= mostSources[trust]) reasons.set(index, "weak");
    else {
      const text = trust === "low" ? bestSentences(index, passage.text, evidence) : passage.text;
      const tokens = await countTokens(text);
      if (used + tokens > sourceTokens && sources.length > 0) reasons.set(index, "budget");
      else {
        const n = sources.length + 1;
        used += tokens;
        texts.add(same);
        numbers.set(index, n);
        sources.push({ n, passage });
        prompt.push({ n, document: passage.document, page: passage.page, text });
      }
    }
  }
  return {
    ...{ prompt, sources },
    numberOf: (passage) => numbers.get(passage) ?? null,
    whyLeftOut: (passage) => reasons.get(passage) ?? "weak",
  };
}

/** All of it, in the order of the documents; null when it does not fit. */
export async function wholeSources(
  passages: readonly RetrievedPassage[],
  whole: readonly RetrievedPassage[],
  { sourceTokens, countTokens }: Pick<Limits, "sourceTokens" | "countTokens">,
): Promise<ChosenSources | null> {
  let used = 0;
  for (const { text } of whole) {
    used += await countTokens(text);
    if (used > sourceTokens) return null;
  }
  const numbers = new Map(whole.map(({ passageId }, index) => [passageId, index + 1]));
  return {
    prompt: whole.map(({ document, page, text }, index) => ({ n: index + 1, document, page, text })),
    sources: whole.map((passage, index) => ({ n: index + 1, passage })),
    numberOf: (passage) => numbers.get(passages[passage]?.passageId ?? "") ?? null,
    whyLeftOut: () => "weak",
  };
}

/** The sentences that answer best, in the order they stand in. */
function bestSentences(index: number, text: string, evidence: Evidence): string {
  const best = evidence.sentences
    .filter(({ passage }) => passage === index)
    .slice(0, shownSentences)
    .sort((a, b) => a.start - b.start);
  return best.length === 0
    ? text
    : best
        .map(({ start, end }) => text.slice(start, end))
        .join("")
        .replaceAll(/\s+/g, " ")
        .trim();
}
