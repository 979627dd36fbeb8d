import type { TFunction } from "i18next";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { createFormats, type Formats } from "../format/formats.ts";
import { type Language, languages } from "./languages.ts";

/** Words a key: `t("chat.newChat", { count })`. Keys and their parameters are checked by the compiler. */
export type Translate = TFunction;

export interface Text {
  readonly t: Translate;
  readonly language: Language;
  /** Numbers, bytes, durations and dates as this language writes them. */
  readonly format: Formats;
}

/** The words and formats of the interface's language; the component follows when it changes. */
export function useText(): Text {
  const { t, i18n } = useTranslation();
  const language = languages.find((known) => known === i18n.language) ?? "en";
  return useMemo(() => ({ t, language, format: createFormats(language) }), [t, language]);
}
