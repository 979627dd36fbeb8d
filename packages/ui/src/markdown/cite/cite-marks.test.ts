import type { Statement } from "@deskside/contract";
import { describe, expect, it } from "vitest";
import { citeTarget, withCiteMarks } from "./cite-marks.ts";

const statement = (text: string, part: string, rest: Partial<Statement> = {}): Statement => ({
  start: text.indexOf(part),
  end: text.indexOf(part) + part.length,
  support: "supported",
  citations: [{ source: 2, start: 0, end: 5 }],
  missing: [],
  ...rest,
});

describe("numbers behind statements", () => {
  it("replace the model's own", () => {
    const text = "It is 24 months [7]. Fine.";
    expect(withCiteMarks(text, [statement(text, "It is 24 months [7].")], "k")).toBe(
      "It is 24 months.[2](#cite-k-s-0-0) Fine.",
    );
  });

  it("stay inside a quote and a table row", () => {
    const quote = "> Words of the file. [1]";
    expect(withCiteMarks(quote, [statement(quote, "Words of the file. [1]")], "k")).toBe(
      "> Words of the file.[2](#cite-k-s-0-0)",
    );
    const row = "| P-103 | 4.9 |";
    expect(withCiteMarks(row, [statement(row, "P-103 | 4.9 |")], "k")).toBe("| P-103 | 4.9[2](#cite-k-s-0-0) |");
  });

  it("mark what no passage says", () => {
    const text = "It is 48 months.";
    const one = statement(text, text, { support: "unsupported", citations: [], missing: [{ start: 6, end: 8 }] });
    expect(withCiteMarks(text, [one], "k")).toBe("It is [48](#cite-k-m-0-0) months.[?](#cite-k-u-0-0)");
  });

  it("leave what cannot be looked up alone", () => {
    const text = "Hello [1]";
    expect(withCiteMarks(text, [statement(text, text, { support: "plain" })], "k")).toBe(text);
  });
});

describe("a link of ours", () => {
  it("is known by its token alone", () => {
    expect(citeTarget("#cite-k-s-3-1", "k")).toEqual({ kind: "source", statement: 3, citation: 1 });
    expect(citeTarget("#cite-k-u-3-0", "k")).toEqual({ kind: "unsupported", statement: 3 });
    for (const href of ["#cite-x-s-3-1", "#cite--s-3-1", "https://example.org/#cite-k-s-3-1", "#cite-k-s-3"])
      expect(citeTarget(href, "k"), href).toBeNull();
    expect(citeTarget("#cite--s-0-0", "")).toBeNull();
  });
});
