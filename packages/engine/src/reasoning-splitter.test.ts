import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createReasoningSplitter } from "./reasoning-splitter.ts";
import { createStopScanner } from "./stop-scanner.ts";

const marks = { open: "<think>", close: "</think>" };

function split(chunks: readonly string[], startInside = false, used: typeof marks | null = marks) {
  const splitter = createReasoningSplitter(used, startInside);
  const parts = [...chunks.map((chunk) => splitter.push(chunk)), splitter.end()];
  return { text: parts.map((part) => part.text).join(""), reasoning: parts.map((part) => part.reasoning).join("") };
}

describe("reasoning", () => {
  it.each([
    ["<think>because</think>42", false, "because", "42"],
    ["\n<think>\nbecause\n</think>\n\n42", false, "because", "42"],
    ["because</think>42", true, "because", "42"],
    ["no thoughts", false, "", "no thoughts"],
    ["The tag <think> opens it", false, "", "The tag <think> opens it"],
    ["<think>never closed", false, "never closed", ""],
    ["<thin", false, "", "<thin"],
    ["<think></think>", false, "", ""],
  ])("%j", (text, inside, reasoning, answer) => {
    expect(split([text], inside)).toEqual({ reasoning, text: answer });
  });

  it("does not depend on where the chunks are cut", () => {
    const texts = ["<think>a < b</thi nk></think> so 1 </think> 2", "x<think>y</think>", "  <think>  z  </think>  w  "];
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.array(fc.nat(60), { maxLength: 12 }), (text, cuts) => {
        const at = [...new Set(cuts.filter((cut) => cut < text.length))].sort((a, b) => a - b);
        const chunks = [0, ...at].map((from, index) => text.slice(from, at[index] ?? text.length));
        expect(split(chunks)).toEqual(split([text]));
      }),
    );
  });

  it("passes everything through for a model that does not reason", () => {
    expect(split(["<think>a</think>b"], false, null)).toEqual({ text: "<think>a</think>b", reasoning: "" });
  });
});

describe("stop texts", () => {
  it("cut at the first one, across chunks, and hold back what may become one", () => {
    const scanner = createStopScanner(["END", "STOP"]);
    expect(scanner.push("a EN")).toEqual({ text: "a ", stopped: false });
    expect(scanner.push("ough ST")).toEqual({ text: "ENough ", stopped: false });
    expect(scanner.push("OP END")).toEqual({ text: "", stopped: true });
  });

  it("give back what was held at the end", () => {
    const scanner = createStopScanner(["END"]);
    scanner.push("the EN");
    expect(scanner.end()).toBe("EN");
  });
});
