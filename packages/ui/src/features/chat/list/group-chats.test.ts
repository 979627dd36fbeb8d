import type { Chat } from "@deskside/contract";
import { describe, expect, it } from "vitest";
import { groupChats, monthName } from "./group-chats.ts";

const at = (year: number, month: number, day: number, hour: number) => new Date(year, month - 1, day, hour).getTime();
const chat = (updatedAt: number) => ({ id: String(updatedAt), updatedAt }) as Chat;

describe("groupChats", () => {
  it("counts days by the calendar, not by hours", () => {
    const now = at(2026, 11, 25, 0);
    const chats = [at(2026, 11, 24, 23), at(2026, 11, 24, 0), at(2026, 11, 23, 23), at(2026, 11, 18, 0)].map(chat);
    const groups = groupChats(chats, now).map(({ key, chats: members }) => [key, members.length]);
    expect(groups).toEqual([
      ["yesterday", 2],
      ["lastWeek", 2],
    ]);
  });

  it("puts a chat from a clock that runs ahead under today", () => {
    expect(groupChats([chat(at(2026, 11, 26, 3))], at(2026, 11, 25, 12))[0]?.key).toBe("today");
  });

  it("names older months, with the year only where it is another", () => {
    const now = at(2026, 1, 20, 12);
    const groups = groupChats([chat(at(2026, 1, 2, 9)), chat(at(2025, 12, 30, 9)), chat(at(2025, 12, 1, 9))], now);
    const names = groups.map(({ key }) => (typeof key === "string" ? key : monthName(key, "en", now)));
    expect(names).toEqual(["January", "December 2025"]);
    expect(monthName({ year: 2025, month: 11 }, "zh-CN", now)).toBe("2025年12月");
  });
});
