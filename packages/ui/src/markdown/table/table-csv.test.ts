import { describe, expect, it } from "vitest";
import { toCsv } from "./table-csv.ts";

describe("toCsv", () => {
  it("quotes what has to be quoted", () => {
    expect(toCsv([["a", 'say "x"', "1,5", "two\nlines"]])).toBe('a,"say ""x""","1,5","two\nlines"');
  });

  it("defuses formulas but not numbers", () => {
    expect(toCsv([["=A1", "@SUM(A1)", "+cmd|x", "-1+2", "-5", "+3.5", "-12,000", "-5%"]])).toBe(
      "'=A1,'@SUM(A1),'+cmd|x,'-1+2,-5,+3.5,\"-12,000\",-5%",
    );
  });
});
