import type { CatalogueEntry, FitGrade } from "@deskside/contract";
import type { Text } from "../../../i18n/use-text.ts";
import { licenceOf } from "./catalogue-index.ts";

/** Class of the words of a grade; colour never stands alone, the word is always there. */
export const gradeClass: Record<FitGrade, string> = {
  ...{ fits: "ok", tight: "warn", "uses-ram": "warn", "too-large": "danger" },
};

/** "14.8B, reasoning, MIT": what tells one model from the next in a list. */
export function entryMeta(entry: CatalogueEntry, { t, format }: Text): string {
  const size = entry.totalParametersB === null ? null : `${format.number(entry.totalParametersB)}B`;
  const mixture = entry.activeParametersB !== null && entry.activeParametersB !== entry.totalParametersB;
  const role = entry.role === "chat" ? null : t(`library.role.${entry.role}`);
  const use = entry.reasoning ? t("library.discover.reasoning") : role;
  const words = [size === null ? null : mixture ? `${size} MoE` : size, use, licenceOf(entry) || null];
  return words.filter(Boolean).join(t("common.listComma"));
}

/** The name of a language, in the language of the interface. */
export function languageWord(tag: string, { t, language }: Pick<Text, "t" | "language">): string {
  if (tag === "en" || tag === "zh") return t(`common.language.${tag}`);
  return new Intl.DisplayNames(language, { type: "language", fallback: "code" }).of(tag) ?? tag;
}

export function parameterWords(entry: CatalogueEntry, { t, format }: Text): string | null {
  const { totalParametersB: total, activeParametersB: active } = entry;
  if (total === null) return null;
  if (active === null || active === total) return t("library.model.billions", { value: format.number(total) });
  return t("library.model.active", { total: format.number(total), active: format.number(active) });
}
