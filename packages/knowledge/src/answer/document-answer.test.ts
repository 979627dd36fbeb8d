import { describe, expect, it } from "vitest";
import { createDocumentAnswer } from "./document-answer.ts";
import type { Retrieved, RetrievedPassage } from "./retrieved.ts";

const texts = [
  "The cooling loop has three pumps.",
  "P-103 was installed in 2019 by the plant's own workshop.",
  "The canteen serves dumplings on Fridays.",
];
const passages = texts.map(
  (text, index): RetrievedPassage => ({
    ...{ passageId: `p${index}`, documentId: "d", collectionId: "c", document: "report.md", page: null, text },
    ...{ spans: [], highlights: [], score: 1 - index / 10, fullText: 0.5, vector: null, context: "", deviations: null },
  }),
);

/** The search found the last passage first. */
const retrieved = (whole: readonly RetrievedPassage[] | null): Retrieved => ({
  question: "Summarise the report.",
  rewritten: null,
  passages: passages.toReversed(),
  whole,
  statistics: { passages: 3, frequency: () => 1 },
  report: { files: 1, passages: 3, ms: 1, fullText: "on", vectors: "no-model" },
  sentenceDeviations: null,
  likeness: null,
});
const options = (fields: { trust?: "low" | "normal"; sourceTokens?: number } = {}) => ({
  scope: { kind: "chat" as const },
  trust: fields.trust ?? ("normal" as const),
  sourceTokens: fields.sourceTokens ?? 1000,
  countTokens: async (text: string) => text.split(" ").length,
  signal: new AbortController().signal,
});
const { signal } = options();

describe("short attachments", () => {
  it("are read whole, in the order they were written, and what is said about them is an answer", async () => {
    const answer = await createDocumentAnswer(retrieved(passages), options());
    expect(answer.sources.map(({ text }) => text)).toEqual(texts);
    const said = "The report is about three pumps of a cooling loop. P-103 was installed in 2019.";
    const { text, grounding } = await answer.conclude(said, signal);
    expect(text).toBe(said);
    expect(grounding.verdict).toBe("answered");
    const cited = grounding.statements.flatMap(({ citations }) => citations.map(({ source }) => source));
    expect(cited).toContain(2);
    expect(grounding.retrieval.hits.map(({ source }) => source)).toEqual([3, 2, 1]);
  });

  it("still end as silent when the model found nothing", async () => {
    const answer = await createDocumentAnswer(retrieved(passages), options());
    const { grounding } = await answer.conclude("The sources do not say.", signal);
    expect(grounding.verdict).toBe("not-in-documents");
  });

  it("what was made up is marked", async () => {
    const answer = await createDocumentAnswer(retrieved(passages), options());
    const { grounding } = await answer.conclude("The boiler exploded in 1987.", signal);
    expect(grounding.statements[0]?.support).toBe("unsupported");
  });

  it("are searched like any other when they do not fit, or when the model is small", async () => {
    const tight = await createDocumentAnswer(retrieved(passages), options({ sourceTokens: 12 }));
    expect(tight.sources.length).toBeLessThan(3);
    expect(tight.sources[0]?.text).toBe(texts[2]);
    const small = await createDocumentAnswer(retrieved(passages), options({ trust: "low" }));
    expect(small.sources.map(({ text }) => text)).not.toEqual(texts);
  });
});
