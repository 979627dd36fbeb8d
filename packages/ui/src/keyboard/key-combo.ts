/** A combination is written "Mod+Shift+L": Mod is ⌘ on Apple keyboards and Ctrl on all others. */
export interface KeyEventLike {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** Only the legend on the keys depends on this, never what the product does. */
export function isAppleKeyboard(): boolean {
  return typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);
}

const appleCaps: Record<string, string> = { Mod: "⌘", Ctrl: "⌃", Alt: "⌥", Shift: "⇧" };
const plainCaps: Record<string, string> = { Mod: "Ctrl" };
const keyCaps: Record<string, string> = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  Escape: "Esc",
};

/** What is printed on the keys, one entry each. */
export function displayKeys(combo: string, apple: boolean = isAppleKeyboard()): string[] {
  const caps = apple ? appleCaps : plainCaps;
  return splitCombo(combo).map((part) => caps[part] ?? keyCaps[part] ?? part);
}

export function matchesKeys(combo: string, event: KeyEventLike, apple: boolean = isAppleKeyboard()): boolean {
  const parts = splitCombo(combo);
  const key = parts.at(-1) ?? "";
  const wants = (part: string) => parts.includes(part);
  const mod = apple ? event.metaKey : event.ctrlKey;
  const other = apple ? event.ctrlKey : event.metaKey;
  if (wants("Mod") !== mod || wants("Alt") !== event.altKey) return false;
  if (other && !(apple && wants("Ctrl"))) return false;
  if (/^[a-z0-9]$/i.test(key)) return matchesCharacter(key, event) && wants("Shift") === event.shiftKey;
  // The Shift that types a sign such as "?" belongs to the sign.
  if (key.length === 1) return event.key === key;
  return event.key === key && wants("Shift") === event.shiftKey;
}

/** By the letter that is typed, or by the place of the key where Alt or another script types something else. */
function matchesCharacter(key: string, event: KeyEventLike): boolean {
  if (event.key.toLowerCase() === key.toLowerCase()) return true;
  const latin = /^[a-z0-9]$/i.test(event.key);
  const code = /^[0-9]$/.test(key) ? `Digit${key}` : `Key${key.toUpperCase()}`;
  return (!latin || event.altKey) && event.code === code;
}

function splitCombo(combo: string): string[] {
  return combo === "+" ? ["+"] : combo.split("+");
}
