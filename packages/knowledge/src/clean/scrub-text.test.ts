import { createDecipheriv, hkdfSync } from "node:crypto";
import { personalDataKinds } from "@deskside/contract";
import { describe, expect, it } from "vitest";
import { createScrubState } from "./scrub-state.ts";
import { countKinds, moveSpans, scrubText } from "./scrub-text.ts";

const key = new Uint8Array(32).fill(7);
const state = () => createScrubState({ kinds: personalDataKinds, language: "zh", key });
const scrub = (text: string): string => scrubText(text, state()).text;

describe("values are found", () => {
  it.each([
    ["身份证号11010519491231002X。", "身份证号[身份证 1]。"],
    ["身份证：１１０１０５１９４９１２３１００２Ｘ", "身份证：[身份证 1]"],
    ["ID 110105 19491231 002x, ok", "ID [身份证 1], ok"],
    ["ID 110105-1949-1231-002X", "ID [身份证 1]"],
    ["号码 1101051949\n1231002X 结束", "号码 [身份证 1] 结束"],
    ["| 110105 | 19491231 | 002X |", "| [身份证 1] |"],
    ["OCR llO1O519491231OO2X", "OCR [身份证 1]"],
    ["旧证 110105491231002", "旧证 [身份证 1]"],
    ["电话13812345678，", "电话[手机号 1]，"],
    ["+86 138-1234-5678", "[手机号 1]"],
    ["0086 138 1234 5678 / 13912345678", "[手机号 1] / [手机号 2]"],
    ["手机：138 1234\n5678。", "手机：[手机号 1]。"],
    ["请拨打13812\n345678。", "请拨打[手机号 1]。"],
    ["手机 l38O1234567", "手机 [手机号 1]"],
    ["（010）6234-5678 或 0571-87654321-8001", "[电话 1] 或 [电话 2]-8001"],
    ["tel. +86 21 6234 5678", "tel. [电话 1]"],
    ["卡号 6222 0212 3456 7890 128", "卡号 [银行卡 1]"],
    ["Visa 4111 1111 1111 1111.", "Visa [银行卡 1]."],
    ["Mail Zhang.San@Example.com, 13812345678＠qq．com", "Mail [邮箱 1], [邮箱 2]"],
    ["护照号码：E12345678", "护照号码：[护照 1]"],
    ["Passport No. EA1234567", "Passport No. [护照 1]"],
    ["代码 91350100M000100Y43", "代码 [信用代码 1]"],
  ])("%j", (text, expected) => expect(scrub(text)).toBe(expected));
});

describe("what only looks like one stays", () => {
  it.each([
    "订单 110105194912310021",
    "区号不对 990105194912310029",
    "2024-01-15 08:30:00.123456",
    "零件 E12345678",
    "IMEI 490154203237518",
    "UUID 550e8400-e29b-41d4-a716-446655440000",
    "0.13812345678 and 3.14159265358979",
    "13500\n202401\n18800\n123456",
    "ISBN 978-7-111-54742-6",
    "192.168.100.200:13812",
    "400-810-8888",
    "12345678901 和 1381234567",
    "a@b, @home, user@localhost",
    "6222 0212 3912 3456 780",
  ])("%j", (text) => expect(scrub(text)).toBe(text));
});

describe("labels", () => {
  it("are the same for the same value however it is written, also in the next document and after a restart", () => {
    const first = state();
    expect(scrubText("13812345678, 139 1234 5678, +86 138-1234-5678", first).text).toBe(
      "[手机号 1], [手机号 2], [手机号 1]",
    );
    const stored = first.takeNew();
    expect(stored.map(({ kind, number }) => [kind, number])).toEqual([
      ["mobile", 1],
      ["mobile", 2],
    ]);
    expect(first.takeNew()).toEqual([]);
    const next = createScrubState({ kinds: personalDataKinds, language: "en", key, known: stored });
    expect(scrubText("13912345678 13712345678 110105 19491231 002X", next).text).toBe("[Mobile 2] [Mobile 3] [ID 1]");
    expect(next.takeNew()).toHaveLength(2);
  });

  it("are kept with the value sealed: nothing readable, and only the right key opens it", () => {
    const scrubbing = state();
    scrubText("13812345678", scrubbing);
    const [value] = scrubbing.takeNew();
    if (!value) throw new Error("nothing was sealed");
    expect(Buffer.from(value.sealed).includes("138")).toBe(false);
    expect(value.lookup).toMatch(/^[0-9a-f]{64}$/);
    const open = (from: Uint8Array, label: string) => {
      const derived = Buffer.from(hkdfSync("sha256", from, new Uint8Array(), "scrub/seal", 32));
      const decipher = createDecipheriv("aes-256-gcm", derived, value.sealed.subarray(0, 12));
      decipher.setAAD(Buffer.from(label)).setAuthTag(value.sealed.subarray(-16));
      return decipher.update(value.sealed.subarray(12, -16), undefined, "utf8") + decipher.final("utf8");
    };
    expect(open(key, "mobile\n1")).toBe("13812345678");
    expect(() => open(key, "mobile\n2")).toThrow();
    expect(() => open(new Uint8Array(32), "mobile\n1")).toThrow();
    expect(() => createScrubState({ kinds: [], language: "en", key: new Uint8Array(16) })).toThrow(RangeError);
  });

  it("only replace the kinds asked for, and are counted", () => {
    const only = createScrubState({ kinds: ["email"], language: "en", key });
    const { text, replacements } = scrubText("a@b.cn 13812345678 a@b.cn", only);
    expect(text).toBe("[E-mail 1] 13812345678 [E-mail 1]");
    expect(countKinds(replacements)).toEqual({ email: 2 });
  });

  it("keep the places of the text around them", () => {
    const text = "电话13812345678。\n身份证110105\n19491231002X完";
    const lines = [0, 15, 25].map((start, n) => ({
      ...{ start, end: [14, 24, text.length][n] ?? 0 },
      place: { kind: "lines" as const, from: n + 1, to: n + 1 },
    }));
    const scrubbed = scrubText(text, state());
    expect(scrubbed.text).toBe("电话[手机号 1]。\n身份证[身份证 1]完");
    const spans = moveSpans(lines, scrubbed.replacements);
    expect(spans.map(({ start, end }) => scrubbed.text.slice(start, end))).toEqual([
      "电话[手机号 1]。",
      "身份证[身份证 1]",
      "完",
    ]);
  });
});
