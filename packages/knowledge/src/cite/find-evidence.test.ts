import { describe, expect, it } from "vitest";
import { findEvidence } from "./find-evidence.ts";
import { countTerms } from "./term-weights.ts";
import { findTerms } from "./terms.ts";

const texts = [
  "The cooling loop has three pumps. P-103 delivers 104 m³/h at 29 m head. It was installed in 2019.",
  "The boiler is inspected every two years. The inspector signs the log.",
  "Visitors sign in at the gate. Helmets are mandatory in hall 3.",
  "冷却回路有三台水泵。P-103的额定流量为每小时104立方米。",
  "锅炉每两年检验一次。检验员在记录上签字。",
];
const passages = texts.map((text) => ({ text, context: "", deviations: null }));
const statistics = countTerms(texts.map((text) => new Set(findTerms(text).map(({ key }) => key))));
const ask = (question: string) => {
  const evidence = findEvidence(question, passages, statistics, null);
  const best = evidence.sentences[0];
  return { evidence, best: best && texts[best.passage]?.slice(best.start, best.end).trim() };
};

describe("the sentence that answers", () => {
  it.each([
    ["How often is the boiler inspected?", "The boiler is inspected every two years."],
    ["When was P-103 installed in the cooling loop?", "It was installed in 2019."],
    ["P-103的额定流量是多少？", "P-103的额定流量为每小时104立方米。"],
    ["锅炉多久检验一次？", "锅炉每两年检验一次。"],
  ])("%s", (question, expected) => {
    const { evidence, best } = ask(question);
    expect(best).toBe(expected);
    expect(evidence.isAnswerable).toBe(true);
  });

  it.each(["Who won the election in Norway?", "公司去年的利润是多少？", "What is the salary of the chief engineer?"])(
    "nothing answers: %s",
    (question) => expect(ask(question).evidence.isAnswerable).toBe(false),
  );

  it("a vector that stands out makes up for words that differ", () => {
    const asked = "How much water can the machine move?";
    const found = passages.slice(0, 2).map((passage, index) => ({ ...passage, deviations: index === 0 ? 3.4 : 0.2 }));
    const evidence = findEvidence(asked, found, statistics, (index, sentences) =>
      sentences.map(() => (index === 0 ? 3.4 : 0.2)),
    );
    expect(evidence.sentences[0]?.passage).toBe(0);
  });
});
