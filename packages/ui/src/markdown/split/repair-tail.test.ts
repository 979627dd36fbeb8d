import { describe, expect, it } from "vitest";
import { pendingLink, repairTail } from "./repair-tail.ts";

describe("repairTail", () => {
  it.each([
    ["some **bold", "some **bold**"],
    ["some **bold*", "some **bold**"],
    ["some **bold**", "some **bold**"],
    ["some **", "some"],
    ["an *it", "an *it*"],
    ["***both", "***both***"],
    ["**a *b", "**a *b***"],
    ["**粗", "**粗**"],
    ["~~gone", "~~gone~~"],
    ["use `code", "use `code`"],
    ["use ``a ` b", "use ``a ` b``"],
    ["snake_case_name", "snake_case_name"],
    ["2 * 3", "2 * 3"],
    ["a \\* b", "a \\* b"],
    ["Items:\n-", "Items:\n"],
    ["Items:\n- ", "Items:\n"],
    ["- a\n- [", "- a\n"],
    ["Title\n=", "Title\n"],
    ["#", ""],
    ["1.", ""],
    ["```", ""],
    ["```js", ""],
    ["```js\nlet a = 1", "```js\nlet a = 1"],
    ["```js\nlet a\n``", "```js\nlet a\n"],
    ["```js\nlet **a", "```js\nlet **a"],
    ["see [text](https://ex", `see [text](${pendingLink})`],
    ["see [text](https://ex.test)", "see [text](https://ex.test)"],
    ["an ![alt](data:im", "an "],
    ["| a | b", ""],
    ["| a | b |\n", "| a | b |\n| - | - |"],
    ["| a | b |\n|--", "| a | b |\n| - | - |"],
    ["| a | b |\n|---|---|\n| 1 ", "| a | b |\n|---|---|\n| 1 "],
    ["so \\(x^2", "so \\(x^2\\)"],
    ["\\[\nx", "\\[\nx\\]"],
    ["$$\nx", "$$\nx$$"],
    ["$$\nx\n$", "$$\nx\n$$"],
    ["costs $5", "costs $5"],
    ["a <br", "a "],
    ["Text\n\n**b", "Text\n\n**b**"],
  ])("shows %j as %j", (tail, expected) => {
    expect(repairTail(tail)).toBe(expected);
  });

  it("leaves finished Markdown as it is", () => {
    const done = "# Title\n\nText with **bold**, *italic*, `code`, [a](https://b.test) and $x$.";
    expect(repairTail(done)).toBe(done);
  });
});
