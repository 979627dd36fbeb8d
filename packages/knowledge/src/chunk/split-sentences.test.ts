import { describe, expect, it } from "vitest";
import { splitSentences } from "./split-sentences.ts";

const cut = (text: string): string[] => splitSentences(text).map(({ start, end }) => text.slice(start, end).trim());

describe("sentences", () => {
  it.each([
    ["The pump runs. It is loud.", ["The pump runs.", "It is loud."]],
    ["See Fig. 3 for details. Dr. Smith agreed.", ["See Fig. 3 for details.", "Dr. Smith agreed."]],
    ["It weighs 3.5 kg. The U.S. model weighs more.", ["It weighs 3.5 kg.", "The U.S. model weighs more."]],
    ["He said “Stop!” Then he left.", ["He said “Stop!”", "Then he left."]],
    ["保修期为24个月。用户应保留发票！是吗？", ["保修期为24个月。", "用户应保留发票！", "是吗？"]],
    ["他说：“停下。”然后离开了。", ["他说：“停下。”", "然后离开了。"]],
    ["The limit is 4.5 mm/s.泵停了。", ["The limit is 4.5 mm/s.", "泵停了。"]],
    ["One\n\nTwo", ["One", "Two"]],
    ["wrapped\nline goes on", ["wrapped\nline goes on"]],
    ["Steps:\n1. Stop\n2. Start", ["Steps:", "1. Stop", "2. Start"]],
    ["", []],
  ])("%j", (text, expected) => expect(cut(text)).toEqual(expected));

  it("loses nothing: the sentences together are the text", () => {
    const text = "  A. B c. 中文。\n\n- x\n- y  ";
    expect(
      splitSentences(text)
        .map(({ start, end }) => text.slice(start, end))
        .join(""),
    ).toBe(text);
  });
});
