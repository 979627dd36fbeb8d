import { describe, expect, it } from "vitest";
import { decodeText } from "./decode-text.ts";

const chinese = "冷却水泵的额定流量为每小时一百零四立方米，扬程二十九米。保修期为二十四个月。";
/** The same in GBK, made with a converter. */
const gbk = Buffer.from(
  "c0e4c8b4cbaeb1c3b5c4b6eeb6a8c1f7c1bfceaac3bfd0a1cab1d2bbb0d9c1e3cbc4c1a2b7bdc3d7a3acd1efb3ccb6fecaaebec5c3d7a1a3b1a3d0deC6DACEAAB6FECAAECBC4B8F6D4C2A1A3",
  "hex",
);

const utf16 = (text: string, bigEndian: boolean): Uint8Array => {
  const bytes = Buffer.from(text, "utf16le");
  return bigEndian ? bytes.swap16() : bytes;
};

describe("text that does not say its encoding", () => {
  it.each([
    ["UTF-8", Buffer.from(chinese), "utf-8"],
    ["UTF-8 with a mark", Buffer.from(`\ufeff${chinese}`), "utf-8"],
    ["UTF-16 with a mark", utf16(`\ufeff${chinese}`, false), "utf-16le"],
    ["UTF-16, big end first, with a mark", utf16(`\ufeff${chinese}`, true), "utf-16be"],
    ["GBK", gbk, "gb18030"],
  ])("%s", (_, bytes, encoding) => expect(decodeText(bytes)).toMatchObject({ text: chinese, encoding, replaced: 0 }));

  it.each([false, true])("UTF-16 of Latin text without a mark (big end first: %s)", (bigEndian) => {
    const text = "Overall vibration rose from 3.2 to 4.9 mm/s.";
    expect(decodeText(utf16(text, bigEndian))).toMatchObject({ text, isGuessed: true });
  });

  it("western text", () => {
    expect(decodeText(Buffer.from("Pr\xfcfbericht f\xfcr die K\xfchlpumpe", "latin1"))).toMatchObject({
      text: "Prüfbericht für die Kühlpumpe",
      encoding: "windows-1252",
    });
  });

  it("counts what cannot be read", () => {
    const bytes = Buffer.concat([Buffer.from("\ufeffgood "), Buffer.from([0xff, 0xfe])]);
    expect(decodeText(bytes)).toMatchObject({ replaced: 2 });
  });

  it("nothing", () => expect(decodeText(new Uint8Array())).toMatchObject({ text: "", replaced: 0 }));
});
