import { createInstance, type i18n } from "i18next";
import { initReactI18next } from "react-i18next";
import { en } from "./en/index.ts";
import type { Language } from "./languages.ts";
import { zhCn } from "./zh-cn/index.ts";

/** The catalogue of both languages, ready at once. React escapes text itself. */
export function createI18n(language: Language): i18n {
  const instance = createInstance();
  instance.use(initReactI18next);
  // Resources are in the bundle, so that this is done when it returns; the promise only repeats it.
  void instance.init({
    lng: language,
    fallbackLng: "en",
    supportedLngs: ["en", "zh-CN"],
    initAsync: false,
    interpolation: { escapeValue: false },
    resources: { en: { translation: en }, "zh-CN": { translation: zhCn } },
    returnNull: false,
  });
  return instance;
}
