import { describe, expect, it } from "vitest";
import { displayKeys, matchesKeys } from "./key-combo.ts";
import { keysOf, shortcutIds } from "./shortcuts.ts";

const press = (
  key: string,
  held: Partial<Record<"ctrlKey" | "metaKey" | "altKey" | "shiftKey", boolean>> = {},
  code = "",
) => ({
  key,
  code,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

describe("matchesKeys", () => {
  it("takes Ctrl or ⌘ by keyboard, never both", () => {
    expect(matchesKeys("Mod+K", press("k", { ctrlKey: true }), false)).toBe(true);
    expect(matchesKeys("Mod+K", press("k", { metaKey: true }), true)).toBe(true);
    expect(matchesKeys("Mod+K", press("k", { ctrlKey: true }), true)).toBe(false);
    expect(matchesKeys("Mod+K", press("k", { ctrlKey: true, metaKey: true }), false)).toBe(false);
  });

  it("does not take a combination with more keys than it names", () => {
    expect(matchesKeys("Mod+L", press("L", { ctrlKey: true, shiftKey: true }), false)).toBe(false);
    expect(matchesKeys("Mod+Shift+L", press("L", { ctrlKey: true, shiftKey: true }), false)).toBe(true);
    expect(matchesKeys("F6", press("F6", { shiftKey: true }), false)).toBe(false);
    expect(matchesKeys("Mod+K", press("k", { ctrlKey: true, altKey: true }), false)).toBe(false);
  });

  it("takes the place of a key where the layout types another script or Alt types a sign", () => {
    expect(matchesKeys("Mod+K", press("л", { ctrlKey: true }, "KeyK"), false)).toBe(true);
    expect(matchesKeys("Alt+N", press("˜", { altKey: true }, "KeyN"), true)).toBe(true);
  });

  it("does not take the place of a Latin key that was moved by the layout", () => {
    expect(matchesKeys("Mod+Q", press("a", { ctrlKey: true }, "KeyQ"), false)).toBe(false);
  });

  it("lets a sign have the Shift that types it", () => {
    expect(matchesKeys("?", press("?", { shiftKey: true }), false)).toBe(true);
    expect(matchesKeys("/", press("/"), false)).toBe(true);
  });
});

describe("displayKeys", () => {
  it("shows what is printed on the keys", () => {
    expect(displayKeys("Mod+Shift+L", false)).toEqual(["Ctrl", "Shift", "L"]);
    expect(displayKeys("Mod+Shift+L", true)).toEqual(["⌘", "⇧", "L"]);
    expect(displayKeys("Alt+ArrowLeft", false)).toEqual(["Alt", "←"]);
  });
});

describe("shortcuts", () => {
  it.each([true, false])("never give one key two meanings (browser: %s)", (inBrowser) => {
    const keys = shortcutIds.map((id) => keysOf(id, { inBrowser }));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("avoid in a browser what the browser keeps for its windows and tabs", () => {
    const keys = shortcutIds.map((id) => keysOf(id, { inBrowser: true }));
    expect(keys.filter((key) => /^Mod\+[NTW1-9]$/.test(key))).toEqual([]);
  });
});
