import { expect, test } from "vitest";
import { indexWords, wordExpression } from "./index-words.ts";

test.each([
  ["向量检索", "向量 量检 检索 索"],
  ["生", "生"],
  ["ＡＢＣ向量 v2", "ABC 向量 量 v2"],
  ["ﬁle", "file"],
])("%s is indexed as %s", (text, words) => expect(indexWords(text).trim().replaceAll(/\s+/g, " ")).toBe(words));

test.each([
  ["检索", '"检索"'],
  ["向量检索", '"向量 量检 检索"'],
  ["命", '"命" *'],
  ["P-103", '"P 103"'],
  ['say "no" OR *', '"say no OR"'],
  ["…", null],
])("%s is asked for as %s", (surface, expression) => expect(wordExpression(surface)).toBe(expression));
