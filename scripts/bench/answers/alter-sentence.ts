import type { Language } from "../retrieval/xquad.ts";

/** How a true sentence is made untrue. */
export const alterations = ["number", "own number", "own name", "foreign name", "negation", "exchange"] as const;
export type Alteration = (typeof alterations)[number];

export interface TrueSentence {
  readonly text: string;
  /** The value in it that answers a question. */
  readonly gold: string;
  /** Values that answer other questions of the same paragraph, and of one of another article. */
  readonly own: readonly string[];
  readonly foreign: readonly string[];
}

const isNumber = (value: string) => /\d/.test(value);

/**
 * The sentence with one thing changed, or null where it has nothing of the kind: another number than any the paragraph
 * has, a number or a name of the paragraph's in the value's place, a name of another article's, a negation put in or
 * taken out, or two values of the sentence exchanged with each other.
 */
export function alterSentence(kind: Alteration, sentence: TrueSentence, language: Language): string | null {
  const { text, gold, own, foreign } = sentence;
  const elsewhere = own.filter((value) => !text.includes(value) && !gold.includes(value));
  switch (kind) {
    case "number":
      return withAnotherNumber(text, [gold, ...own].join(" "));
    case "own number":
      return isNumber(gold) ? inPlace(text, gold, elsewhere.find(isNumber)) : null;
    case "own name":
      return isNumber(gold)
        ? null
        : inPlace(
            text,
            gold,
            elsewhere.find((value) => !isNumber(value)),
          );
    case "foreign name":
      return isNumber(gold)
        ? null
        : inPlace(
            text,
            gold,
            foreign.find((value) => !isNumber(value) && !text.includes(value)),
          );
    case "negation":
      return negated(text, language);
    case "exchange":
      return exchanged(text, gold, own);
  }
}

function inPlace(text: string, gold: string, value: string | undefined): string | null {
  return value === undefined ? null : text.replace(gold, () => value);
}

function withAnotherNumber(text: string, taken: string): string | null {
  const [found] = /\d+/.exec(text) ?? [];
  if (found === undefined) return null;
  // The same count of digits: a year stays a year.
  const base = 10 ** (found.length - 1);
  for (let step = 3; step < 90; step += 4) {
    const other = String(base + ((Number(found) - base + step + 9 * base) % (9 * base)));
    if (!text.includes(other) && !taken.includes(other)) return text.replace(found, other);
  }
  return null;
}

function negated(text: string, language: Language): string | null {
  const [taken, put] =
    language === "en"
      ? [
          /\b(is|was|are|were|can|could|will|would|has been|had been) not\b/,
          /\b(is|was|are|were|can|could|will|would)\b(?! not)/,
        ]
      : [/不(是|能|会)|没(有)/, /(?<![不没总但于只就还便或乃都])(是|能|会|有)(?!关|些|时|的)/];
  const without = text.replace(
    taken,
    (_, first: string | undefined, second: string | undefined) => first ?? second ?? "",
  );
  if (without !== text) return without;
  const changed = text.replace(put, (verb) =>
    language === "en" ? `${verb} not` : verb === "有" ? "没有" : `不${verb}`,
  );
  return changed === text ? null : changed;
}

function exchanged(text: string, gold: string, own: readonly string[]): string | null {
  const other = own.find(
    (value) =>
      isNumber(value) === isNumber(gold) && text.includes(value) && !gold.includes(value) && !value.includes(gold),
  );
  if (other === undefined) return null;
  return text
    .replace(gold, "\u0000")
    .replace(other, () => gold)
    .replace("\u0000", () => other);
}
