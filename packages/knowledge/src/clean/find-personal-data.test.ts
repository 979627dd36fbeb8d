import { type PersonalDataKind, personalDataKinds } from "@deskside/contract";
import { expect, it } from "vitest";
import { findPersonalData } from "./find-personal-data.ts";
import { lookAlikeTexts, personalDataTexts } from "./testing/personal-data-corpus.ts";

const all = new Set(personalDataKinds);
const amount = 20_000;

it(`finds what ${amount} labelled texts of both languages hold, and little in ${amount} that only look alike`, () => {
  const total = new Map<PersonalDataKind, number>();
  const missed = new Map<PersonalDataKind, string[]>();
  let right = 0;
  const wrong: string[] = [];
  for (const { text, kind, written } of personalDataTexts(amount, 11)) {
    if (kind === null) continue;
    const found = findPersonalData(text, all);
    const start = text.indexOf(written);
    // Nothing of the value may stay.
    const isFound = found.some((one) => one.kind === kind && one.start <= start && one.end >= start + written.length);
    total.set(kind, (total.get(kind) ?? 0) + 1);
    if (!isFound) missed.set(kind, [...(missed.get(kind) ?? []), text]);
    else right += 1;
    for (const one of found)
      if (one.end <= start || one.start >= start + written.length || one.kind !== kind) wrong.push(text);
  }
  for (const { text } of lookAlikeTexts(amount, 12))
    for (const { kind, start, end } of findPersonalData(text, all))
      wrong.push(`${kind} ${text.slice(start, end)} in ${text}`);
  const recall = (kind: PersonalDataKind) => 1 - (missed.get(kind)?.length ?? 0) / (total.get(kind) ?? 0);
  const report = JSON.stringify([...missed.values()].map((texts) => texts.slice(0, 5)));
  expect(recall("id-number"), report).toBeGreaterThanOrEqual(0.999);
  for (const kind of ["mobile", "landline", "email", "bank-card", "credit-code"] as const)
    expect(recall(kind), report).toBeGreaterThanOrEqual(0.995);
  expect(right / (right + wrong.length), JSON.stringify(wrong.slice(0, 20))).toBeGreaterThanOrEqual(0.99);
});
