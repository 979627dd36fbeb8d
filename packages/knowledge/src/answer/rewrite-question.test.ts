import { describe, expect, it } from "vitest";
import { rewriteQuestion } from "./rewrite-question.ts";

describe("a question that leans on the one before", () => {
  it.each([
    ["And how long does it last?", "What is the warranty of the X200?"],
    ["Why?", "Did P-103 trip in October?"],
    ["它的保修期多长？", "X200泵是谁生产的？"],
    ["那流量呢？", "P-103的扬程是多少？"],
  ])("%s", (question, before) => expect(rewriteQuestion(question, [before])).toBe(`${before} ${question}`));

  it.each([
    ["How many pumps does the cooling loop have?", "What is the warranty of the X200?"],
    ["冷却回路有多少台水泵？", "X200泵是谁生产的？"],
  ])("stands by itself: %s", (question, before) => expect(rewriteQuestion(question, [before])).toBeNull());

  it("has nothing to lean on", () => expect(rewriteQuestion("And it?", [])).toBeNull());
});
