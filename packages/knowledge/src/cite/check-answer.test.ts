import { describe, expect, it } from "vitest";
import { checkAnswer } from "./check-answer.ts";

const sources = [
  {
    n: 1,
    text: "All rotating equipment was surveyed in October 2025. Overall vibration of P-103 rose from 3.2 to 4.9 mm/s RMS, above the alarm limit of 4.5 mm/s. Bearing replacement is recommended within 30 days.",
    context: "Quarterly maintenance report",
  },
  { n: 2, text: "The warranty of the X200 is 24 months. The warranty of the X300 is 36 months.", context: "Manual" },
  { n: 3, text: "X200泵的保修期为24个月。扬程为29米，额定流量为104立方米每小时。", context: "手册" },
];

async function check(answer: string, question = "?") {
  const { statements, saysNothingFound } = await checkAnswer({
    question,
    answer,
    sources,
    statistics: null,
    likeness: null,
  });
  const shown = statements.map(({ start, end, support, citations, missing }) => ({
    text: answer.slice(start, end),
    support,
    cited: citations.map(({ source, start: from, end: to }) => sources[source - 1]?.text.slice(from, to)),
    missing: missing.map((range) => answer.slice(range.start, range.end)),
  }));
  return { shown, saysNothingFound };
}

describe("a statement and the sentence that carries it", () => {
  it.each([
    ["The warranty of the X200 is 24 months [9].", "The warranty of the X200 is 24 months."],
    ["The vibration of P-103 rose to 4.9 mm/s.", /^Overall vibration of P-103/],
    ["X200泵的保修期为24个月[1]。", "X200泵的保修期为24个月。"],
    ["额定流量为104立方米每小时。", /额定流量为104/],
  ])("%s", async (answer, expected) => {
    const { shown } = await check(answer);
    expect(shown[0]?.support).toBe("supported");
    expect(shown[0]?.cited[0]).toMatch(expected);
  });

  it("the model's own number is a hint only", async () => {
    const { shown } = await check("The warranty of the X300 is 36 months [1].");
    expect(shown[0]?.cited).toEqual(["The warranty of the X300 is 36 months."]);
  });
});

describe("what the passages do not say", () => {
  it.each([
    ["The warranty of the X200 is 48 months.", "48"],
    ["The vibration of P-104 rose to 4.9 mm/s.", "P-104"],
    ["The warranty of the X200 was extended by Siemens.", "Siemens"],
    ["X200泵的保修期为60个月。", "60"],
  ])("%s: %s is marked", async (answer, missing) => {
    const { shown } = await check(answer);
    expect(shown[0]?.support).not.toBe("supported");
    expect(shown[0]?.missing).toContain(missing);
  });

  it("a value of another thing proves nothing", async () => {
    const { shown } = await check("The warranty of the X200 is 36 months.");
    expect(shown[0]?.support).not.toBe("supported");
  });

  it("nothing in common is unsupported", async () => {
    const { shown } = await check("Paris became the capital because of its river.");
    expect(shown[0]).toMatchObject({ support: "unsupported", cited: [] });
  });
});

describe("the parts of an answer", () => {
  it("takes list items and sentences apart, leaves headings, code and lead-ins alone", async () => {
    const { shown } = await check(
      "## Before restart\n\nDo this:\n\n1. Replace the bearing within 30 days. [1]\n2. It rose to 4.9 mm/s.\n\n```\nx = 24\n```",
    );
    expect(shown.map(({ support }) => support)).toEqual(["plain", "plain", "supported", "supported"]);
    expect(shown[2]?.text).toBe("Replace the bearing within 30 days. [1]");
  });

  it.each(["The sources do not say.", "资料中没有提到。", "The documents don't mention it.", "文档中未说明。"])(
    "hears that nothing was found: %s",
    async (answer) => expect((await check(answer)).saysNothingFound).toBe(true),
  );
});
