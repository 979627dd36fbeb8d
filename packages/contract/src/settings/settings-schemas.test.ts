import { describe, expect, test } from "vitest";
import type { z } from "zod";
import {
  defaultSettings,
  settingEntrySchema,
  settingKeySchema,
  settingKeys,
  settingSchemas,
} from "./settings-schemas.ts";

describe("settings", () => {
  test.each(settingKeys)("%s: its default is valid, survives JSON, and nothing odd is accepted in its place", (key) => {
    const schema: z.ZodType = settingSchemas[key];
    const value = defaultSettings[key];
    expect(value).not.toBeUndefined();
    expect(schema.parse(JSON.parse(JSON.stringify(value)))).toEqual(value);
    // Where a list is wanted, an empty one is nothing odd.
    const list = Array.isArray(value) ? [""] : [];
    for (const odd of [{}, list, Number.NaN, Number.POSITIVE_INFINITY, -1, 1.5]) {
      expect(schema.safeParse(odd).success, JSON.stringify(odd)).toBe(false);
    }
  });

  test("keys say their section, and a section can be reset by its prefix", () => {
    expect(settingKeys.length).toBeGreaterThan(0);
    for (const key of settingKeys) expect(key).toMatch(/^[a-z]+\.[a-zA-Z]+$/);
  });

  test.each([
    ["general.zoom", 79],
    ["general.zoom", 201],
    ["general.zoom", 100.5],
    ["general.zoom", "100"],
    ["general.theme", "blue"],
    ["general.language", "de"],
  ] as const)("%s refuses %j", (key, value) => {
    expect(settingSchemas[key].safeParse(value).success).toBe(false);
  });

  test("an unknown key is refused, keys from the prototype too", () => {
    for (const key of ["general.unknown", "", "__proto__", "toString"]) {
      expect(settingKeySchema.safeParse(key).success).toBe(false);
      expect(settingEntrySchema.safeParse({ key, value: 1, defaultValue: 1, locked: false }).success).toBe(false);
    }
  });
});
