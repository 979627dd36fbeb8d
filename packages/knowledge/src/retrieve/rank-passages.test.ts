import { expect, test } from "vitest";
import { readQuestion } from "./question-terms.ts";
import { type FoundPassage, rankPassages } from "./rank-passages.ts";

const passage = (searched: string, cosine: number | null = null, wordHit: number | null = null): FoundPassage => ({
  ...{ searched, cosine, wordHit, vector: null },
});
const statistics = { passages: 1000, frequency: () => 3 };
const cosines = { mean: 0.8, deviation: 0.02 };

function order(question: string, found: FoundPassage[], moments: typeof cosines | null) {
  const options = { limit: 10, diversity: 0, cosines: moments, statistics };
  const { ranked, coverage } = rankPassages(readQuestion(question), found, options);
  return { at: ranked.map(({ at }) => at), coverage };
}

test("words said in one sentence and in the same order outrank the same words scattered", () => {
  const found = [
    passage("The pressure fell. A valve was shut. Later the safety was checked by the relief crew."),
    passage("The safety relief valve opens. Nothing else was seen on that day by the crew here."),
  ];
  expect(order("safety relief valve", found, null).at).toEqual([1, 0]);
});

test("in another language nothing is covered, and vectors decide alone", () => {
  const found = [passage("水泵的保修期为二十四个月", 0.84), passage("食堂在十一点半开门", 0.86)];
  expect(order("How long is the warranty of the pump?", found, cosines)).toEqual({ at: [1, 0], coverage: 0 });
});

test("words that cover the question outweigh a slightly better cosine", () => {
  const found = [passage("The canteen opens at noon.", 0.87), passage("The warranty of the pump is 24 months.", 0.86)];
  const { at, coverage } = order("warranty of the pump", found, cosines);
  expect(at).toEqual([1, 0]);
  expect(coverage).toBe(1);
});

test("a passage without a vector yet is neither preferred nor lost", () => {
  const found = [passage("pump", null), passage("pump", 0.84), passage("pump", 0.78)];
  expect(order("pump", found, cosines).at).toEqual([1, 0, 2]);
});

test("function words alone are ranked as the index ranks them", () => {
  const found = [passage("Who is there?", null, 1), passage("The Who", null, 2)];
  expect(order("the who", found, null).at).toEqual([1, 0]);
});
