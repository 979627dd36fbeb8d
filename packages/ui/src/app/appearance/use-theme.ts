import { useSyncExternalStore } from "react";

/** The theme that is shown now, followed when it changes. */
export function useTheme(): string {
  return useSyncExternalStore(subscribe, readTheme);
}

function readTheme(): string {
  return document.documentElement.dataset["theme"] ?? "light";
}

function subscribe(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  return () => observer.disconnect();
}
