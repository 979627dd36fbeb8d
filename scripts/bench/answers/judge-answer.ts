import type { Grounding } from "@deskside/contract";

export interface Judged {
  readonly verdict: Grounding["verdict"];
  /** The right value stands in what is shown. */
  readonly isRight: boolean;
  /** A chip stands on a sentence that holds the right value, or at least on a passage of the right document that does. */
  readonly chipOnSentence: boolean;
  readonly chipOnPassage: boolean;
  /** Sentences of the model's own words that are shown as supported. */
  readonly ownSupported: number;
  /** Of these: no sentence they stand on holds the right value. */
  readonly ownSupportedWrong: number;
}

/**
 * `gold` is the right value, `document` the name of the file that holds it. The comparison leaves out case, widths,
 * punctuation and, between Chinese characters, spaces; a value counts only as whole words and numbers.
 */
export function judgeAnswer(
  { text, grounding }: { text: string; grounding: Grounding },
  gold: string,
  document: string,
): Judged {
  const sourceOf = new Map(grounding.sources.map((source) => [source.n, source]));
  const standsOnGold = ({ source, start, end }: { source: number; start: number; end: number }): boolean =>
    holds(sourceOf.get(source)?.text.slice(start, end) ?? "", gold);
  const chips = grounding.statements.flatMap(({ citations }) => citations);
  const own =
    grounding.verdict === "answered"
      ? grounding.statements.filter((one) => one.support === "supported" && !isQuote(one, text, sourceOf))
      : [];
  return {
    verdict: grounding.verdict,
    isRight: grounding.verdict !== "not-in-documents" && holds(text, gold),
    chipOnSentence: chips.some(standsOnGold),
    chipOnPassage: chips.some(({ source }) => {
      const found = sourceOf.get(source);
      return found !== undefined && found.document === document && holds(found.text, gold);
    }),
    ownSupported: own.length,
    ownSupportedWrong: own.filter(({ citations }) => !citations.some(standsOnGold)).length,
  };
}

/** Word for word a sentence of the passage it points to: nobody's own words, whoever wrote it. */
function isQuote(
  { start, end, citations }: Grounding["statements"][number],
  text: string,
  sourceOf: ReadonlyMap<number, { readonly text: string }>,
): boolean {
  const said = normalise(text.slice(start, end).replaceAll(/\[\d+\]/g, " "));
  return citations.some((one) => normalise(sourceOf.get(one.source)?.text.slice(one.start, one.end) ?? "") === said);
}

export function holds(text: string, value: string): boolean {
  const wanted = normalise(value);
  // Chinese writes no spaces: there a value may begin and end inside a run of characters.
  const before = /^\p{Script=Han}/u.test(wanted) ? "" : " ";
  const after = /\p{Script=Han}$/u.test(wanted) ? "" : " ";
  return wanted !== "" && ` ${normalise(text)} `.includes(`${before}${wanted}${after}`);
}

function normalise(text: string): string {
  return (
    text
      .normalize("NFKC")
      .toLowerCase()
      // Digits keep the comma and point between them; a number beside Chinese characters is a word of its own.
      .replaceAll(/(?<=\d),(?=\d{3})/g, "")
      .replaceAll(/(?<!\d)[^\p{L}\p{N}]|[^\p{L}\p{N}](?!\d)|[^\p{L}\p{N}.,:](?=\d)/gu, " ")
      .replaceAll(/(?<=\p{Script=Han})(?=[a-z\d])|(?<=[a-z\d])(?=\p{Script=Han})/gu, " ")
      .replaceAll(/(?<=\p{Script=Han})\s+(?=\p{Script=Han})/gu, "")
      .replaceAll(/\s+/g, " ")
      .trim()
  );
}
