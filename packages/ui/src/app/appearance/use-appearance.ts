import { useEffect, useLayoutEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Appearance, applyAppearance, resolveAppearance } from "./apply-appearance.ts";
import { useSettingEntries, useSettings } from "../use-settings.ts";

const storageKey = "deskside.appearance";

/** Keeps <html> and the catalogue in step with the settings and, for "system", with the computer. */
export function useAppearance(): Appearance {
  const entries = useSettingEntries();
  const settings = useSettings();
  const system = useSystemPreferences();
  const { i18n } = useTranslation();
  const appearance = resolveAppearance(settings, system);
  const { theme, language, density, zoom } = appearance;
  const known = entries !== null;
  useLayoutEffect(() => {
    // Until the settings are there, what the last visit looked like stays on screen.
    if (!known) return;
    applyAppearance(document.documentElement, { theme, language, density, zoom });
    if (i18n.language !== language) void i18n.changeLanguage(language);
    rememberAppearance({ theme, language, density, zoom });
  }, [known, theme, language, density, zoom, i18n]);
  return appearance;
}

function useSystemPreferences() {
  const query = "(prefers-color-scheme: dark)";
  const [dark, setDark] = useState(() => window.matchMedia(query).matches);
  const [languages, setLanguages] = useState<readonly string[]>(() => navigator.languages);
  useEffect(() => {
    const media = window.matchMedia(query);
    const onTheme = () => setDark(media.matches);
    const onLanguage = () => setLanguages(navigator.languages);
    media.addEventListener("change", onTheme);
    window.addEventListener("languagechange", onLanguage);
    return () => {
      media.removeEventListener("change", onTheme);
      window.removeEventListener("languagechange", onLanguage);
    };
  }, []);
  return { dark, languages };
}

function rememberAppearance(appearance: Appearance): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify(appearance));
  } catch {
    // Only the first frame of the next start would look different.
  }
}

/** The look of the last visit, so that the first frame is right before the settings arrive. */
export function recallAppearance(): Appearance | null {
  try {
    const stored = JSON.parse(localStorage.getItem(storageKey) ?? "null") as Partial<Appearance> | null;
    if (!stored) return null;
    const { theme, language, density, zoom } = stored;
    const valid =
      (theme === "light" || theme === "dark") &&
      (language === "en" || language === "zh-CN") &&
      (density === "comfortable" || density === "compact") &&
      typeof zoom === "number" &&
      zoom >= 80 &&
      zoom <= 200;
    return valid ? { theme, language, density, zoom } : null;
  } catch {
    return null;
  }
}
