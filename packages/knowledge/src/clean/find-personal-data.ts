import type { PersonalDataKind } from "@deskside/contract";
import { isBankCard, isCreditCode, normaliseCreditCode } from "./checked-numbers.ts";
import { findEmails } from "./find-emails.ts";
import { foldedAt } from "./fold-characters.ts";
import { isIdNumber, isOldIdNumber } from "./id-numbers.ts";
import { type Candidate, findGroups, type Group, isLinked, readCandidate } from "./number-groups.ts";
import { isLandlineShape, isMobileShape, readLandline, readMobile } from "./phone-numbers.ts";

/** A slice of a text that names a person or what belongs to one. */
export interface PersonalData {
  readonly kind: PersonalDataKind;
  readonly start: number;
  readonly end: number;
  /** Written the same way however it stood in the text. */
  readonly value: string;
}

/** From a passport number (9) to a bank card (19), with room for a country's code. */
const lengths = { least: 9, most: 19 } as const;
const mostGroups = 8;
/** Letters read as digits in a number without check digit. */
const mostMisread = 3;

/**
 * Identity numbers, phones, cards, addresses, passports and social credit codes of a text, in order, not overlapping.
 * Numbers may be full-width, spaced, dashed, broken over lines and cells, or misread by OCR (O for 0, l for 1). Those
 * with a check digit must pass it. A passport number has none: it counts only behind a word that says what it is.
 */
export function findPersonalData(text: string, kinds: ReadonlySet<PersonalDataKind>): PersonalData[] {
  const emails = findEmails(text);
  const found: PersonalData[] = kinds.has("email") ? emails.map((email) => ({ kind: "email" as const, ...email })) : [];
  const groups = findGroups(text);
  let taken = 0;
  let email = 0;
  for (let index = 0; index < groups.length; index++) {
    const group = groups[index];
    if (!group || group.start < taken) continue;
    while ((emails[email]?.end ?? Number.POSITIVE_INFINITY) <= group.start) email += 1;
    // What stands inside an address is a part of it.
    if ((emails[email]?.start ?? Number.POSITIVE_INFINITY) <= group.start) continue;
    const match = matchAt(text, groups, index);
    if (!match) continue;
    taken = match.end;
    if (kinds.has(match.kind)) found.push(match);
  }
  return found.sort((a, b) => a.start - b.start);
}

interface Window {
  readonly groups: readonly Group[];
  readonly candidate: Candidate;
  /** Groups that stand before and behind it as if they belonged to the same number. */
  readonly before: Group | undefined;
  readonly after: Group | undefined;
}

/** Checked kinds first, whatever their length; then those that are told by their form alone. */
function matchAt(text: string, groups: readonly Group[], index: number): PersonalData | null {
  const windows = windowsAt(text, groups, index);
  for (const find of [idNumber, creditCode, bankCard, mobile, landline, oldIdNumber, passport])
    for (const window of windows) {
      const match = find(text, window);
      if (match) return withMarks(text, { ...match, start: window.candidate.start, end: window.candidate.end });
    }
  return null;
}

/** Longest first. */
function windowsAt(text: string, groups: readonly Group[], index: number): Window[] {
  const windows: Window[] = [];
  let length = 0;
  for (let last = index; last < groups.length && last - index < mostGroups; last++) {
    const group = groups[last];
    const previous = groups[last - 1];
    if (!group || (last > index && previous && !isLinked(text, previous, group))) break;
    length += group.end - group.start;
    if (length > lengths.most) break;
    if (length < lengths.least) continue;
    const own = groups.slice(index, last + 1);
    const neighbours = { before: groups[index - 1], after: groups[last + 1] };
    windows.unshift({ groups: own, candidate: readCandidate(text, own), ...neighbours });
  }
  return windows;
}

type Finder = (text: string, window: Window) => Pick<PersonalData, "kind" | "value"> | null;

const idNumber: Finder = (_text, { candidate: { digits } }) =>
  digits !== null && isIdNumber(digits) ? { kind: "id-number", value: digits } : null;

const creditCode: Finder = (_text, { candidate }) =>
  candidate.text.length === 18 && isCreditCode(candidate.text)
    ? { kind: "credit-code", value: normaliseCreditCode(candidate.text) }
    : null;

const bankCard: Finder = (text, window) => {
  const { digits, shape } = window.candidate;
  if (digits === null || !isBankCard(digits)) return null;
  const isWritten =
    shape.length === 1 || shape.slice(0, -1).every((length) => length === 4) || shape.join(" ") === "6 13";
  return (isWritten || isWrapped(text, window)) && standsAlone(text, window)
    ? { kind: "bank-card", value: digits }
    : null;
};

const mobile: Finder = (text, window) => {
  const { digits, shape } = window.candidate;
  const number = digits === null ? null : readMobile(digits);
  if (digits === null || number === null) return null;
  const isWritten = isMobileShape(shape, digits) || isWrapped(text, window);
  return isWritten && standsAlone(text, window) ? { kind: "mobile", value: number } : null;
};

const landline: Finder = (text, window) => {
  const { digits, shape, isBroken } = window.candidate;
  const number = digits === null || isBroken ? null : readLandline(digits);
  if (digits === null || number === null || !isLandlineShape(shape, digits)) return null;
  return standsAlone(text, window, true) ? { kind: "landline", value: number } : null;
};

const oldIdNumber: Finder = (text, window) => {
  const { digits, shape } = window.candidate;
  if (digits === null || !isOldIdNumber(digits)) return null;
  const isWritten = shape.length === 1 || shape.join(" ") === "6 6 3";
  // The number of a telephone has 15 digits too, and those of many begin like a province.
  if (/IMEI|串号|序列号|serial/i.test(wordsBefore(text, window))) return null;
  return isWritten && standsAlone(text, window) ? { kind: "id-number", value: digits } : null;
};

const passportForm = /^(?:[EGPSD]\d{8}|E[A-HJ-NP-Z]\d{7}|(?:DE|SE|PE|MA)\d{7})$/;

const passport: Finder = (text, window) => {
  const { groups, candidate } = window;
  if (groups.length > 1 || !passportForm.test(candidate.text)) return null;
  return /护照|旅行证|passport/i.test(wordsBefore(text, window)) ? { kind: "passport", value: candidate.text } : null;
};

function wordsBefore(text: string, { candidate: { start } }: Window): string {
  return text.slice(Math.max(0, start - 32), start);
}

/** One number in two lines, cut anywhere: other words stand before it. A column of numbers has none. */
function isWrapped(text: string, { groups: [first, second, third] }: Window): boolean {
  if (!first || !second || third || !text.slice(first.end, second.start).includes("\n")) return false;
  const line = text.slice(text.lastIndexOf("\n", first.start) + 1, first.start);
  return /[^\s|]/.test(line);
}

/** Not a part of a longer number: of a fraction, a version, a series of groups that goes on. */
function standsAlone(text: string, { groups, candidate, before, after }: Window, mayExtend = false): boolean {
  const { start, end } = candidate;
  // Nothing but its form speaks for it.
  if (candidate.misread > mostMisread) return false;
  const isJoint = (mark: string) => mark === "." || mark === "-";
  const beforeMark = before?.end === start - 1 ? foldedAt(text, start - 1) : "";
  if (isJoint(beforeMark) && !/(?:^|\n)\s*[1-9]\d?[.．]$/.test(text.slice(Math.max(0, start - 8), start))) return false;
  const isExtension = mayExtend && after !== undefined && after.end - after.start <= 5 && foldedAt(text, end) === "-";
  if (after?.start === end + 1 && isJoint(foldedAt(text, end)) && !isExtension) return false;
  if (groups.length === 1) return true;
  const goesOn = (one: Group | undefined, gap: number) =>
    one !== undefined && gap === 1 && one.end - one.start >= 3 && one.end - one.start <= 4;
  return !goesOn(before, start - (before?.end ?? 0)) && (isExtension || !goesOn(after, (after?.start ?? 0) - end));
}

/** A plus sign and the brackets of an area code go with the number. */
function withMarks(text: string, match: PersonalData): PersonalData {
  const before = match.start > 0 ? foldedAt(text, match.start - 1) : "";
  const closes = /[)）]/.test(text.slice(match.start, match.end));
  return before === "+" || (before === "(" && closes) ? { ...match, start: match.start - 1 } : match;
}
