import { createFormats } from "../format/formats.ts";
import { createI18n } from "./create-i18n.ts";
import { resolveLanguage } from "./languages.ts";
import type { Text } from "./use-text.ts";

export { describeError, toErrorData } from "./describe-error.ts";
export { describeFitReason, describeLoadCause, describeProbeNote, describeWhyCpu } from "./describe-hardware.ts";

/** The words of the interface for a program without one. `languages`: BCP 47 tags, the wished one first. */
export function createWords(languages: readonly string[]): Text {
  const language = resolveLanguage("system", languages);
  return { t: createI18n(language).t, language, format: createFormats(language) };
}
