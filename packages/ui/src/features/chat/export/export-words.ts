import type { Text } from "../../../i18n/use-text.ts";
import type { CitedAnswer, ExportedQuote } from "./cited-answer.ts";

/** The words around an exported answer, in the language of the window. */
export interface ExportWords {
  readonly title: string;
  /** Model, date, and how much of the answer is cited. */
  readonly facts: string;
  readonly sources: string;
  readonly unsupported: string;
  placeOf(quote: ExportedQuote): string;
}

export function exportWords({ t, format }: Text, answer: CitedAnswer): ExportWords {
  const verdict = {
    answered: t("chat.grounding.cited", { cited: answer.cited, count: answer.checked }),
    extract: t("chat.grounding.extract"),
    "not-in-documents": t("chat.export.silent"),
  }[answer.verdict];
  return {
    title: answer.question,
    facts: [answer.model, format.dateTime(answer.at), verdict].filter(Boolean).join(" · "),
    sources: t("chat.grounding.sources"),
    unsupported: t("chat.grounding.unsupported"),
    placeOf: ({ document, page }) => (page === null ? document : t("chat.grounding.place", { document, page })),
  };
}
