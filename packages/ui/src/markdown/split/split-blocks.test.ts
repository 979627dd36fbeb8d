import { describe, expect, it } from "vitest";
import { type BlockSplit, splitBlocks } from "./split-blocks.ts";

/** Repeatable random numbers (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const pieces = [
  ...[
    "Plain words.",
    "中文，标点。",
    "**bold",
    "bold** text",
    "- item",
    "* item",
    "+ x",
    "1. one",
    "2. two",
    "10) ten",
    "-",
    "1",
    "1.",
  ],
  ...[
    "  - nested",
    "    deep",
    "   three",
    "\tTab",
    "```",
    "```js",
    "~~~",
    "````",
    "  ```",
    "    ```",
    "```x` y",
    "> quote",
    "> - in quote",
  ],
  ...[
    "> ```",
    "# Head",
    "## 标题",
    "---",
    "***",
    "===",
    "$$",
    "\\[",
    "\\]",
    "$$x$$",
    "a $x$ b",
    "| a | b |",
    "|---|---|",
    "| 1 | 2 |",
  ],
  ...["[^1]: note", "[id]: https://x.test", "see [id] and [^1]", "<div>", "", "", "", " ", "   "],
];
const breaks = ["\n", "\n", "\n", "\n\n", "\n\n", "\r\n", "\r\n\r\n", "\r", "", "\n\n\n"];

function randomMarkdown(random: () => number, lines: number): string {
  const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)] ?? "";
  return Array.from({ length: lines }, () => pick(pieces) + pick(breaks)).join("");
}

describe("splitBlocks", () => {
  it("loses and adds nothing: the blocks joined are the source", () => {
    const random = createRandom(1);
    for (let i = 0; i < 2_000; i++) {
      const source = randomMarkdown(random, 1 + Math.floor(random() * 25));
      expect(splitBlocks(source).blocks.join("")).toBe(source);
    }
  });

  it("never changes a settled block when text is appended, one character at a time", () => {
    const random = createRandom(2);
    for (let i = 0; i < 150; i++) {
      const source = randomMarkdown(random, 12);
      let settled: readonly string[] = [];
      for (let end = 1; end <= source.length; end++) {
        const { blocks } = splitBlocks(source.slice(0, end));
        expect(blocks.slice(0, settled.length)).toEqual(settled);
        settled = blocks.slice(0, -1);
      }
    }
  });

  it("gives the same from a previous result as from scratch", () => {
    const random = createRandom(3);
    for (let i = 0; i < 300; i++) {
      const source = randomMarkdown(random, 20);
      let previous: BlockSplit | undefined;
      for (let end = 0; end < source.length; end += 1 + Math.floor(random() * 9)) {
        previous = splitBlocks(source.slice(0, end), previous);
        expect(previous.blocks).toEqual(splitBlocks(source.slice(0, end)).blocks);
      }
    }
  });

  it("starts over when the text was replaced, not continued", () => {
    const first = splitBlocks("One.\n\nTwo.");
    expect(splitBlocks("Three.\n\nFour.", first).blocks).toEqual(["Three.\n\n", "Four."]);
  });

  it("keeps a fence whole over blank lines, with other fences inside it, and starts anew behind it", () => {
    const code = "```md\na\n\n~~~\n\n``\n```\n";
    expect(splitBlocks(`${code}after`).blocks).toEqual([code, "after"]);
    expect(splitBlocks("````\n```\n\nx\n````\ny").blocks).toEqual(["````\n```\n\nx\n````\n", "y"]);
  });

  it("keeps a fence that is nested in a list in the list", () => {
    const list = "1. one\n\n   ```js\n   a\n\n   b\n   ```\n\n2. two\n\n";
    expect(splitBlocks(`${list}Text`).blocks).toEqual([list, "Text"]);
  });

  it("keeps a loose list together and ends it at text that is not indented", () => {
    expect(splitBlocks("- a\n\n- b\n\n  more\n\nText\n\n- c").blocks).toEqual([
      "- a\n\n- b\n\n  more\n\n",
      "Text\n\n",
      "- c",
    ]);
  });

  it("waits while an unfinished line could still become a list item", () => {
    expect(splitBlocks("- a\n\n1").blocks).toHaveLength(1);
    expect(splitBlocks("- a\n\n-").blocks).toHaveLength(1);
    expect(splitBlocks("- a\n\n12 apples").blocks).toHaveLength(2);
    expect(splitBlocks("- a\n\n-5 degrees").blocks).toHaveLength(2);
  });

  it("knows Windows line ends", () => {
    expect(splitBlocks("A\r\n\r\n```\r\nx\r\n\r\ny\r\n```\r\nB").blocks).toEqual([
      "A\r\n\r\n",
      "```\r\nx\r\n\r\ny\r\n```\r\n",
      "B",
    ]);
  });

  it("keeps Chinese paragraphs apart", () => {
    expect(splitBlocks("第一段。\n\n第二段。").blocks).toEqual(["第一段。\n\n", "第二段。"]);
  });

  it("keeps a formula over blank lines whole, but lets none swallow the rest", () => {
    expect(splitBlocks("\\[\nx\n\ny\n\\]\n\nText").blocks).toEqual(["\\[\nx\n\ny\n\\]\n\n", "Text"]);
    const lost = `$$\n${"line\n\n".repeat(100)}`;
    expect(splitBlocks(lost).blocks.length).toBeGreaterThan(50);
  });

  it("reads a megabyte in time that grows with its length, not with its square", () => {
    const half = "word ".repeat(100).concat("\n\n").repeat(1_000);
    const whole = half + half;
    const time = (source: string) => {
      const started = performance.now();
      splitBlocks(source);
      return performance.now() - started;
    };
    time(half);
    const best = (source: string) => Math.min(time(source), time(source), time(source));
    // Quadratic work would be 4 times as much; noise stays far below.
    expect(best(whole)).toBeLessThan(3 * best(half) + 20);
    const oneBlock = "x".repeat(1_000_000);
    expect(splitBlocks(oneBlock).blocks).toEqual([oneBlock]);
  });
});
