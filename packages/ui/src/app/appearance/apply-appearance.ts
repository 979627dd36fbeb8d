import type { Settings } from "@deskside/contract";
import { type Language, resolveLanguage } from "../../i18n/languages.ts";

export type Theme = "light" | "dark";

export interface Appearance {
  readonly theme: Theme;
  readonly language: Language;
  readonly density: Settings["general.density"];
  /** Percent. */
  readonly zoom: number;
}

/** What the settings mean on this computer. */
export function resolveAppearance(
  settings: Settings,
  system: { dark: boolean; languages: readonly string[] },
): Appearance {
  const theme = settings["general.theme"];
  return {
    theme: theme === "system" ? (system.dark ? "dark" : "light") : theme,
    language: resolveLanguage(settings["general.language"], system.languages),
    density: settings["general.density"],
    zoom: settings["general.zoom"],
  };
}

/** Written on <html>: the styles read nothing else. */
export function applyAppearance(root: HTMLElement, appearance: Appearance): void {
  root.lang = appearance.language;
  root.dataset["theme"] = appearance.theme;
  root.dataset["density"] = appearance.density;
  root.style.setProperty("--zoom", String(appearance.zoom / 100));
}
