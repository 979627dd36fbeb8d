import { expect, it } from "vitest";
import { isAltered } from "./compare-wording.ts";

const sentence = "In 2015 the Panthers beat the Cardinals in the final of their conference and lost no game at home.";
const satz = "1975年，郭华东在清阳市成立了康华设计公司，员工有40人。";

it.each([
  ["the whole sentence", sentence, sentence],
  ["a part of it", "The Panthers beat the Cardinals in the final.", sentence],
  ["a part at another place", "The Panthers beat the Cardinals in the final of their conference in 2015.", sentence],
  ["words put in", "In 2015 the famous Panthers beat the Cardinals in the final of their conference.", sentence],
  ["a passive", "The Cardinals were beaten by the Panthers.", sentence],
  ["digits for a number word", "The loop has 3 pumps.", "The loop has three pumps."],
  ["Chinese, a part of it", "郭华东成立了康华设计公司。", satz],
  ["Chinese, other glue", "1975年郭华东在清阳市成立康华设计公司", satz],
])("%s is no alteration", (_, statement, written) => {
  expect(isAltered(statement, written)).toBe(false);
});

it.each([
  ["another name", "In 2015 the Broncos beat the Cardinals in the final of their conference.", sentence],
  ["another number", "In 2016 the Panthers beat the Cardinals in the final of their conference.", sentence],
  ["another word", "In 2015 the Panthers beat the Cardinals in the opening of their conference.", sentence],
  ["two names exchanged", "In 2015 the Cardinals beat the Panthers in the final of their conference.", sentence],
  ["a negation", "In 2015 the Panthers did not beat the Cardinals in the final of their conference.", sentence],
  ["a negation taken out", "In 2015 the Panthers beat the Cardinals in the final and lost a game at home.", sentence],
  ["a negation in other words", "Nobody says the Cardinals were not there.", "The Cardinals came later."],
  ["Chinese, another name", "1975年，王大明在清阳市成立了康华设计公司。", satz],
  ["Chinese, another number", "1976年，郭华东在清阳市成立了康华设计公司。", satz],
  ["Chinese, a negation", "1975年，郭华东没在清阳市成立康华设计公司。", satz],
])("%s is one", (_, statement, written) => {
  expect(isAltered(statement, written)).toBe(true);
});
