import { describe, expect, it } from "vitest";
import { holds, judgeAnswer } from "./judge-answer.ts";

describe("a value in a text", () => {
  it.each([
    ["The defence gave up 308 points.", "308", true],
    ["The defence gave up 3,308 points.", "308", false],
    ["It cost $1,200.50 in all.", "1200.50", true],
    ["Kawann Short's team", "kawann short", true],
    ["It opened in 1995.", "1995", true],
    ["It opened in 19951", "1995", false],
    ["丢了 308分，排名第六", "308 分", true],
    ["丢了 1308分", "308分", false],
    ["卡万·肖特", "卡万·肖特", true],
    ["anything", "…", false],
  ])("%s holds %s: %s", (text, value, expected) => {
    expect(holds(text, value)).toBe(expected);
  });
});

describe("an answer", () => {
  const source = {
    ...{ n: 1, passageId: "p", documentId: "d", document: "a.md", page: null, spans: [] },
    text: "The pump has two valves. It weighs 12 kg.",
  };
  const shown = (text: string, start: number, end: number) => ({
    text,
    grounding: {
      scope: { kind: "everything" as const },
      verdict: "answered" as const,
      sources: [source],
      statements: [
        {
          ...{ start: 0, end: text.length, support: "supported" as const, missing: [] },
          citations: [{ source: 1, start, end }],
        },
      ],
      retrieval: {
        ...{ question: "", rewritten: null, files: 1, passages: 1, ms: 0, hits: [] },
        ...{ fullText: "on" as const, vectors: "on" as const, evidence: { score: 1, needed: 0 } },
      },
    },
  });

  it("in own words on the right sentence", () => {
    expect(judgeAnswer(shown("Its weight is 12 kg [1].", 25, 41), "12 kg", "a.md")).toEqual({
      ...{ verdict: "answered", isRight: true, chipOnSentence: true, chipOnPassage: true },
      ...{ ownSupported: 1, ownSupportedWrong: 0 },
    });
  });

  it("in own words on another sentence", () => {
    expect(judgeAnswer(shown("There are two valves [1].", 0, 24), "12 kg", "b.md")).toMatchObject({
      ...{ isRight: false, chipOnSentence: false, chipOnPassage: false, ownSupported: 1, ownSupportedWrong: 1 },
    });
  });

  it("a quotation is nobody's own words", () => {
    expect(judgeAnswer(shown("It weighs 12 kg. [1]", 25, 41), "12 kg", "a.md").ownSupported).toBe(0);
  });
});
