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

  /** Bytes made with other converters. */
  it.each([
    ["a short text in GBK", "gb18030", "b1a3d0dec6da", "保修期"],
    [
      "GB18030 with characters of four bytes",
      "gb18030",
      "c0e4c8b4cbaeb1c3b5c4b6eeb6a8c1f7c1bfceaac3bfd0a1cab1d2bbb0d9c1e3cbc4c1a2b7bdc3d7a3acd1efb3ccb6fecaaebec5c3d7a1a3b1a3d0dec6daceaab6fecaaecbc4b8f6d4c2a1a3953282369534b235fd938139ee39",
      "冷却水泵的额定流量为每小时一百零四立方米，扬程二十九米。保修期为二十四个月。𠀀𠮷龘㐀",
    ],
    [
      "Big5",
      "big5",
      "a74eab6fa4f4aca6aabac342a977ac79b671acb0a843a470aec9a440a6cab973a57ca5dfa4e8a4bda4d8a141b4adb57ba447a451a445a4bda4d8a143ab4fa954b4c1acb0a447a451a57cadd3a4eba143",
      "冷卻水泵的額定流量為每小時一百零四立方公尺，揚程二十九公尺。保固期為二十四個月。",
    ],
    [
      "Shift JIS",
      "shift_jis",
      "97e28b709085837c8393837682cc92e88a6997ac97ca82cd96888e9e95538e6c97a795fb8381815b8367838b82c582b7814295db8fd88afa8ad482cd93f18f5c8e6c82a98c8e82c582b78142",
      "冷却水ポンプの定格流量は毎時百四立方メートルです。保証期間は二十四か月です。",
    ],
    [
      "Latin 1 with accents in a row",
      "windows-1252",
      "5072fc66626572696368742066fc7220646965204bfc686c70756d70652c204772f6df652035",
      "Prüfbericht für die Kühlpumpe, Größe 5",
    ],
    ["Windows 1252 with quotes", "windows-1252", "4772f6df652096209371756f7465649420352080", "Größe – “quoted” 5 €"],
    [
      "Korean",
      "euc-kr",
      "b3c3b0a2bcf620c6dfc7c1c0c720bab8c1f520b1e2b0a3c0ba20c0ccbdcabbe720b0b3bff9c0d4b4cfb4d92e",
      "냉각수 펌프의 보증 기간은 이십사 개월입니다.",
    ],
    [
      "Cyrillic",
      "windows-1251",
      "cde0f1eef120eef5ebe0e6e4e0fef9e5e920e2eee4fb2c20e3e0f0e0edf2e8ff20e4e2e0e4f6e0f2fc20f7e5f2fbf0e520ece5f1fff6e0",
      "Насос охлаждающей воды, гарантия двадцать четыре месяца",
    ],
    [
      "UTF-16 of both scripts",
      "utf-16le",
      "500075006d0070002000f56c200050002d003100300033002000dd4fee4f20003200340020006d006f006e00740068007300",
      "Pump 泵 P-103 保修 24 months",
    ],
    [
      "UTF-16 of both scripts, big end first",
      "utf-16be",
      "00500075006d007000206cf500200050002d00310030003300204fdd4fee0020003200340020006d006f006e007400680073",
      "Pump 泵 P-103 保修 24 months",
    ],
  ])("%s", (_, encoding, hex, text) =>
    expect(decodeText(Buffer.from(hex, "hex"))).toMatchObject({ text, encoding, isGuessed: true, replaced: 0 }),
  );

  it("UTF-8 cut within a character stays UTF-8", () => {
    const cut = Buffer.from(chinese).subarray(0, -1);
    expect(decodeText(cut)).toMatchObject({ encoding: "utf-8", replaced: 1, text: `${chinese.slice(0, -1)}\ufffd` });
  });

  it("UTF-8 with one wrong byte stays UTF-8", () => {
    const bytes = Buffer.concat([Buffer.from(chinese), Buffer.from([0xff]), Buffer.from(chinese)]);
    expect(decodeText(bytes)).toMatchObject({ encoding: "utf-8", replaced: 1, text: `${chinese}\ufffd${chinese}` });
  });

  it("an accented letter at the end is not half a character of UTF-8", () => {
    expect(decodeText(Buffer.from("caf\xe9", "latin1"))).toMatchObject({ text: "café", encoding: "windows-1252" });
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
