import { expect, it } from "vitest";
import { alterSentence } from "./alter-sentence.ts";

const english = {
  text: "The team was led by Anna Short with 11 goals in 1995.",
  gold: "Anna Short",
  own: ["11", "Paul Long", "1995"],
  foreign: ["24", "the canal"],
};

it.each([
  ["number", "The team was led by Anna Short with 14 goals in 1995."],
  ["own number", null],
  ["own name", "The team was led by Paul Long with 11 goals in 1995."],
  ["foreign name", "The team was led by the canal with 11 goals in 1995."],
  ["negation", "The team was not led by Anna Short with 11 goals in 1995."],
  ["exchange", null],
] as const)("%s", (kind, expected) => {
  expect(alterSentence(kind, english, "en")).toBe(expected);
});

it("exchanges two numbers", () => {
  expect(alterSentence("exchange", { ...english, gold: "11" }, "en")).toBe(
    "The team was led by Anna Short with 1995 goals in 11.",
  );
});

it("negates in Chinese, and takes a negation out", () => {
  const chinese = { text: "水泵是蓝色的。", gold: "蓝色", own: [], foreign: [] };
  expect(alterSentence("negation", chinese, "zh")).toBe("水泵不是蓝色的。");
  expect(alterSentence("negation", { ...chinese, text: "水泵不是蓝色的。" }, "zh")).toBe("水泵是蓝色的。");
});
