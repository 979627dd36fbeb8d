import { settingKeys } from "@deskside/contract";
import { describe, expect, it } from "vitest";
import { createI18n } from "../../i18n/create-i18n.ts";
import { searchSettings, settingName, settingsSectionOf } from "./settings-index.ts";

const en = createI18n("en").t;
const zh = createI18n("zh-CN").t;

describe("searchSettings", () => {
  it("finds a setting by what people call it, in both languages, whatever the interface speaks", () => {
    expect(searchSettings("night", en)[0]?.key).toBe("general.theme");
    expect(searchSettings("字号", en)[0]?.key).toBe("general.zoom");
    expect(searchSettings("font size", zh)[0]?.key).toBe("general.zoom");
    expect(searchSettings("回车", zh)[0]?.key).toBe("general.sendKey");
    expect(searchSettings("offload", zh)[0]).toMatchObject({ key: "hardware.gpuLayers", section: "hardware" });
    expect(searchSettings("上下文", en)[0]?.key).toBe("hardware.contextSize");
    expect(searchSettings("密码", en)[0]?.section).toBe("security");
    expect(searchSettings("internet", en)[0]?.section).toBe("privacy");
  });

  it("finds every setting by its own name", () => {
    for (const key of settingKeys) {
      expect(searchSettings(settingName(key, en), en).map((hit) => hit.key)).toContain(key);
      expect(searchSettings(settingName(key, zh), zh).map((hit) => hit.key)).toContain(key);
    }
  });

  it("finds nothing for nothing and for nonsense", () => {
    expect(searchSettings("  ", en)).toEqual([]);
    expect(searchSettings("zzzz", en)).toEqual([]);
  });

  it("opens General for a section that does not exist", () => {
    expect(settingsSectionOf("nowhere")).toBe("general");
  });
});
