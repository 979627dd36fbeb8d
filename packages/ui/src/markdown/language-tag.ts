import { detectLanguage } from "@deskside/base";

/** Language of a text for the `lang` attribute: screen readers and fonts follow it, whatever the interface speaks. */
export function languageTag(text: string): "en" | "zh-CN" {
  return detectLanguage(text) === "zh" ? "zh-CN" : "en";
}
