/** Languages of the interface, by BCP 47 tag. */
export const languages = ["en", "zh-CN"] as const;
export type Language = (typeof languages)[number];

/** The interface language for a setting; "system" follows the first preference that Deskside speaks. */
export function resolveLanguage(setting: Language | "system", preferred: readonly string[]): Language {
  if (setting !== "system") return setting;
  for (const tag of preferred) {
    if (/^zh\b/i.test(tag)) return "zh-CN";
    if (/^en\b/i.test(tag)) return "en";
  }
  return "en";
}
