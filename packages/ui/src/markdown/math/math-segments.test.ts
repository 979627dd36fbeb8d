import { describe, expect, it } from "vitest";
import { findMath } from "./math-segments.ts";

const found = (source: string) => findMath(source).map(({ tex, display }) => (display ? `[${tex}]` : tex));

describe("findMath", () => {
  it.each([
    ["$x^2$", ["x^2"]],
    ["so $a$, $b$ and $c$.", ["a", "b", "c"]],
    ["\\(a+b\\)", ["a+b"]],
    ["\\[\nx = 1\n\\]", ["[x = 1]"]],
    ["$$x = 1$$", ["[x = 1]"]],
    ["$$\n\\frac{a}{b}\n$$", ["[\\frac{a}{b}]"]],
    ["面积为$\\pi r^2$。", ["\\pi r^2"]],
    ["| $|x|$ | b |", ["|x|"]],
    ["> $$\n> x\n> $$", ["[x]"]],
    ["$100 + x$", ["100 + x"]],
    ["$\\$5$", ["\\$5"]],
    ["$E = mc^2$ and $5", ["E = mc^2"]],
  ])("reads %j", (source, expected) => {
    expect(found(source)).toEqual(expected);
  });

  it.each([
    "It costs $5 and $6.",
    "From $5-$10 a piece.",
    "US$5, A$6, and 7$.",
    "$ 5 and 6 $",
    "$5 apples and 6$",
    "花费$5和$6。",
    "`$x$` is code",
    "```\n$x$\n```",
    "~~~sh\necho $HOME $PATH\n~~~",
    "\\$x\\$",
    "$x\n\ny$",
    "only one $",
    "$$",
    "\\( never closed",
    "the regex \\[ and then nothing",
    "$PATH:/bin and $HOME/x",
  ])("leaves %j alone", (source) => {
    expect(found(source)).toEqual([]);
  });

  it("does not take time that grows with the square of the dollar signs", () => {
    const many = "$a ".repeat(50_000);
    const started = performance.now();
    findMath(many);
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});
