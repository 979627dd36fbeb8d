import { describe, expect, it } from "vitest";
import { type ComposerKey, isSendKey } from "./send-key.ts";

const key = (patch: Partial<ComposerKey>): ComposerKey => ({
  ...{ key: "Enter", shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, isComposing: false, keyCode: 13 },
  ...patch,
});

describe("isSendKey", () => {
  it.each([
    ["enter", {}, true],
    ["enter", { shiftKey: true }, false],
    ["enter", { ctrlKey: true }, false],
    ["ctrl-enter", {}, false],
    ["ctrl-enter", { ctrlKey: true }, true],
    ["ctrl-enter", { metaKey: true }, true],
    ["ctrl-enter", { ctrlKey: true, shiftKey: true }, false],
    ["enter", { isComposing: true }, false],
    ["enter", { keyCode: 229 }, false],
    ["ctrl-enter", { ctrlKey: true, isComposing: true }, false],
    ["enter", { key: "a" }, false],
  ] as const)("with %s and %j is %s", (setting, patch, expected) => {
    expect(isSendKey(key(patch), setting)).toBe(expected);
  });
});
