import { expect, it } from "vitest";
import { parsePrompt } from "./held-out.ts";

it("takes sources and question apart, without file names", () => {
  expect(
    parsePrompt(
      "Sources:\n[1] (notes.md, p. 4) It is red.\nIt is old.\n\n[2] log.txt\nIt left.\n\nQuestion: What is red?",
    ),
  ).toEqual({
    question: "What is red?",
    sources: [
      { n: 1, text: "It is red.\nIt is old." },
      { n: 2, text: "It left." },
    ],
  });
});

it("the question may come first, in Chinese, or without a mark at the end", () => {
  expect(parsePrompt("问题：湖有多深？\n\n资料：\n[1] （通知.md，第2页） 湖深5米。")).toEqual({
    question: "湖有多深？",
    sources: [{ n: 1, text: "湖深5米。" }],
  });
  expect(parsePrompt("Sources:\n[1] It is red.\n\nWhat is red?").question).toBe("What is red?");
});

it("a prompt without sources is none", () => {
  expect(() => parsePrompt("What is red?")).toThrow("not a prompt with sources");
});
