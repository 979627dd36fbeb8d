import { describe, expect, it } from "vitest";
import { createFormats } from "./formats.ts";

const en = createFormats("en");
const zh = createFormats("zh-CN");
const gb = 1024 ** 3;

describe("bytes", () => {
  it("uses binary units for memory, as the system reports it", () => {
    expect(en.bytes(11.3 * gb)).toBe("11.3 GB");
    expect(en.bytes(32 * gb)).toBe("32 GB");
    expect(en.bytes(512 * 1024 ** 2)).toBe("512 MB");
    expect(en.bytes(0)).toBe("0 B");
  });

  it("uses decimal units for files and downloads", () => {
    expect(en.fileSize(98_234_112)).toBe("98.2 MB");
    expect(en.fileSize(9_000_000_000)).toBe("9 GB");
    expect(en.fileSize(999)).toBe("999 B");
  });

  it("never shows 1,024 of a unit where the next one exists", () => {
    expect(en.bytes(1024 ** 3 - 1)).toBe("1 GB");
    expect(en.fileSize(999_999_999)).toBe("1 GB");
  });

  it("gives the exact figure for tooltips in both languages", () => {
    expect(en.exactBytes(11_811_160_064)).toBe("11,811,160,064 bytes");
    expect(en.exactBytes(1)).toBe("1 byte");
    expect(zh.exactBytes(1024)).toBe("1,024 字节");
  });
});

describe("tokens and speed", () => {
  it("names context sizes as models do", () => {
    expect(en.compact(8192)).toBe("8K");
    expect(en.compact(131_072)).toBe("128K");
    expect(en.compact(486)).toBe("486");
    expect(en.compact(1023)).toBe("1,023");
    expect(en.compact(1_048_575)).toBe("1M");
  });

  it("shows a missing measurement as a dash, never as zero", () => {
    expect(en.speed(null)).toBe("– tok/s");
    expect(en.speed(Number.NaN)).toBe("– tok/s");
    expect(en.percent(Number.NaN)).toBe("–");
    expect(en.bytes(Number.POSITIVE_INFINITY)).toBe("–");
  });

  it("keeps one decimal below 100, so that the figure does not jump in width", () => {
    expect(en.speed(38)).toBe("38.0 tok/s");
    expect(en.speed(38.24)).toBe("38.2 tok/s");
    expect(en.speed(168.4)).toBe("168 tok/s");
  });
});

describe("durations", () => {
  it.each([
    [420, "0.42 s", "0.42 秒"],
    [8400, "8.4 s", "8.4 秒"],
    [9996, "10 s", "10 秒"],
    [59_600, "1 min 0 s", "1 分 0 秒"],
    [84_000, "1 min 24 s", "1 分 24 秒"],
    [22_080_000, "6 h 8 min", "6 小时 8 分"],
  ])("writes %d ms", (ms, english, chinese) => {
    expect(en.duration(ms)).toBe(english);
    expect(zh.duration(ms)).toBe(chinese);
  });

  it("does not invent a duration for a negative one", () => {
    expect(en.duration(-5)).toBe("–");
  });
});

describe("readings of the machine", () => {
  it("have the unit that people know", () => {
    expect([en.rate(432e9), en.celsius(66.6), en.watts(117.8), en.watts(0.84)]).toEqual([
      "432 GB/s",
      "67 °C",
      "118 W",
      "0.8 W",
    ]);
    expect([en.energy(0), en.energy(412), en.energy(1234), en.energy(2_500_000)]).toEqual([
      "0 J",
      "412 J",
      "1.2 kJ",
      "2.5 MJ",
    ]);
    expect([en.rate(Number.NaN), en.celsius(Number.NaN)]).toEqual(["–", "– °C"]);
  });

  it("write a chosen time without what is zero", () => {
    expect([30_000, 90_000, 300_000, 7_200_000, 500].map(en.span)).toEqual(["30 s", "90 s", "5 min", "2 h", "0.50 s"]);
    expect([30_000, 300_000].map(zh.span)).toEqual(["30 秒", "5 分钟"]);
  });
});

describe("dates", () => {
  const noon = new Date(2026, 10, 25, 12, 0).getTime();
  const at = (day: number, hour: number, minute = 0, month = 10, year = 2026) =>
    new Date(year, month, day, hour, minute).getTime();

  it("shows the time today on a 24 hour clock, midnight as 00:05", () => {
    expect(en.moment(at(25, 0, 5), noon)).toBe("00:05");
    expect(zh.moment(at(25, 17, 30), noon)).toBe("17:30");
  });

  it("shows the weekday in the last week, then the day, then the year", () => {
    expect(en.moment(at(24, 23), noon)).toBe("Tue");
    expect(en.moment(at(3, 9), noon)).toBe("3 Nov");
    expect(en.moment(at(3, 9, 0, 10, 2024), noon)).toBe("3 Nov 2024");
    expect(zh.moment(at(24, 23), noon)).toBe("周二");
    expect(zh.moment(at(3, 9), noon)).toBe("11月3日");
  });

  it("writes dates in the order of the language", () => {
    expect(en.date(noon)).toBe("25 November 2026");
    expect(zh.date(noon)).toBe("2026年11月25日");
  });

  it("answers an impossible date with a dash instead of throwing", () => {
    expect(en.date(Number.NaN)).toBe("–");
  });
});
