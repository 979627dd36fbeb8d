import { describe, expect, it } from "vitest";
import { findTerms } from "./terms.ts";

const keys = (text: string, kind?: string): string[] =>
  findTerms(text)
    .filter((term) => kind === undefined || term.kind === kind)
    .map(({ key }) => key);

describe("numbers have one form however they are written", () => {
  it.each([
    ["1,000 users", "1000"],
    ["１０００ users", "1000"],
    ["3.50 bar", "3.5"],
    ["twelve pumps", "12"],
    ["twenty-one days", "21"],
    ["the third pump", "3"],
    ["第三台泵", "3"],
    ["一千二百米", "1200"],
    ["二〇一六年", "2016"],
    ["三万五千元", "35000"],
    ["24V", "24"],
    ["the 3rd of May", "3"],
  ])("%s", (text, expected) => expect(keys(text, "number")).toContain(expected));

  it("shares the numbers of a date between its forms", () => {
    for (const text of ["7 October 2025", "October 7, 2025", "2025-10-07".replace("-07", "-7"), "2025年10月7日"])
      expect(new Set(keys(text, "number")), text).toEqual(new Set(["7", "10", "2025"]));
  });

  it("a decade is not its first year", () => expect(keys("the 1950s", "number")).toEqual(["1950s"]));

  it("a numeral inside a word is none", () => expect(keys("一般情况下统一处理", "number")).toEqual([]));
});

describe("names, codes and words", () => {
  it("tells a name from the first word of a sentence", () => {
    expect(keys("Pumps were built by Siemens. Pumps run.", "name")).toEqual(["siemen"]);
  });
  it("keeps a part number whole", () => {
    expect(keys("P-103 tripped", "code")).toEqual(["p103"]);
    expect(keys("泵P103跳闸", "code")).toEqual(["p103"]);
  });
  it("leaves out what carries no fact", () => expect(keys("What is the name of the one that was there?")).toEqual([]));
  it("finds the same word in its forms", () =>
    expect(keys("tripping trips tripped")).toEqual(["trip", "trip", "trip"]));
  it("cuts Chinese into pairs and drops function words", () =>
    expect(keys("冷却水泵的流量")).toEqual(["冷却", "却水", "水泵", "流量"]));
  it("gives positions in the text as it stands", () => {
    const text = "Ｐ－103 跳闸 at 4.9 mm/s";
    for (const { start, end } of findTerms(text)) expect(text.slice(start, end)).not.toMatch(/^\s|\s$|^$/);
  });
});
