import { describe, expect, test } from "vitest";
import { detectLanguage, toWellFormed, utf8Length } from "./text.ts";

/** The host's own encoder is the judge; base knows no host. */
declare const TextEncoder: new () => { encode(text: string): Uint8Array };

describe("text that is not well formed", () => {
  test.each([
    ["a\ud800b", "a\ufffdb"],
    ["\udc00", "\ufffd"],
    ["\udc00\ud800", "\ufffd\ufffd"],
    ["😀 漢", "😀 漢"],
    ["", ""],
  ])("%j becomes %j", (text, expected) => {
    expect(toWellFormed(text)).toBe(expected);
  });
});

describe("length in UTF-8", () => {
  test("is that of an encoder for every kind of character", () => {
    const texts = ["", "a", "é", "漢字", "😀", "a😀b漢é\0", "\u{10ffff}", "\u07ff\u0800\uffff", "x".repeat(100_000)];
    for (const text of texts) expect(utf8Length(text), text.slice(0, 20)).toBe(new TextEncoder().encode(text).length);
  });

  test("counts lone surrogates as their replacement, wherever they stand", () => {
    for (const text of ["\ud800", "\udc00", "a\ud800", "\ud800a", "\udc00\ud800", "\ud800\ud800\udc00", "\ud800漢"]) {
      expect(utf8Length(text), JSON.stringify(text)).toBe(new TextEncoder().encode(text).length);
    }
  });
});

describe("the language of a text", () => {
  test.each([
    ["What is the capital of France?", "en"],
    ["法国的首都是哪里?", "zh"],
    ["法國的首都是哪裡", "zh"],
    ["请用 Python 写一个快速排序", "zh"],
    ["用React写", "zh"],
    ["The word 你好 means hello in Chinese, as everyone learns in the first lesson", "en"],
    ["ㄅㄆㄇ", "zh"],
    ["", "en"],
    ["12 + 34 = ?", "en"],
    ["🙂🙂", "en"],
    ["Où est la gare?", "en"],
  ] as const)("%s → %s", (text, language) => {
    expect(detectLanguage(text)).toBe(language);
  });

  test("is judged by its beginning, so that a megabyte costs no more than a page", () => {
    expect(detectLanguage("a ".repeat(4000) + "漢".repeat(500_000))).toBe("en");
  });
});
