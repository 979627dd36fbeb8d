import { characterClass, classAt, foldedAt } from "./fold-characters.ts";

/** Letters and digits without anything between them, at least one digit; or right behind such a group one letter (a check letter) or nine (an organisation's). */
export interface Group {
  readonly start: number;
  readonly end: number;
}

/** Neighbouring groups read as one number. */
export interface Candidate {
  readonly start: number;
  readonly end: number;
  /** All of it in capitals. */
  readonly text: string;
  /** With O read as 0 and l or I as 1; null when other letters or too many of these stand in it. An X at the end stays. */
  readonly digits: string | null;
  /** Letters among them that were read as digits. */
  readonly misread: number;
  /** Lengths of the groups. */
  readonly shape: readonly number[];
  /** A line or table cell ends inside of it. */
  readonly isBroken: boolean;
}

/** Longest gap within a number: " | ", ") ", a hyphen at a line's end. */
const longestGap = 5;
/** Letters that a reader of pictures may have seen in place of digits, where a check digit says that it did. */
const mostMisread = 7;

/** All groups of a text, in order. */
export function findGroups(text: string): Group[] {
  const groups: Group[] = [];
  const { digit, letter } = characterClass;
  const { length } = text;
  for (let index = 0; index < length; index++) {
    let kind = classAt(text, index);
    if (kind !== digit && kind !== letter) continue;
    const start = index;
    let hasDigit = false;
    while (kind === digit || kind === letter) {
      if (kind === digit) hasDigit = true;
      index += 1;
      kind = index < length ? classAt(text, index) : 0;
    }
    const isPart = (index - start === 1 || index - start === 9) && groups.at(-1)?.end === start - 1;
    if (hasDigit || isPart) groups.push({ start, end: index });
  }
  return groups;
}

/** Whether `next` may be the continuation of `group`. */
export function isLinked(text: string, group: Group, next: Group | undefined): next is Group {
  if (!next || next.start - group.end > longestGap) return false;
  for (let index = group.end; index < next.start; index++)
    if (classAt(text, index) !== characterClass.gap) return false;
  return true;
}

export function readCandidate(text: string, groups: readonly Group[]): Candidate {
  let capitals = "";
  let digits = "";
  let misread = 0;
  let other = false;
  const start = groups[0]?.start ?? 0;
  const end = groups.at(-1)?.end ?? 0;
  for (const group of groups) {
    for (let index = group.start; index < group.end; index++) {
      const character = foldedAt(text, index);
      capitals += character;
      if (character >= "0" && character <= "9") digits += character;
      else if (character === "O" || character === "o" || character === "l" || character === "I") {
        digits += character === "l" || character === "I" ? "1" : "0";
        misread += 1;
      } else if ((character === "X" || character === "x") && index === end - 1) digits += "X";
      else other = true;
    }
  }
  return {
    ...{ start, end },
    text: capitals.toUpperCase(),
    digits: other || misread > mostMisread ? null : digits,
    misread,
    shape: groups.map((group) => group.end - group.start),
    isBroken: groups.length > 1 && /[\n|\t]/.test(text.slice(start, end)),
  };
}
