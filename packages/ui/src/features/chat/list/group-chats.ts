import type { Chat } from "@deskside/contract";

export type ChatGroupKey = "today" | "yesterday" | "lastWeek" | { year: number; month: number };

export interface ChatGroup {
  key: ChatGroupKey;
  chats: Chat[];
}

/** Chats, newest first, by when they were last used: today, yesterday, the last seven days, then by month. */
export function groupChats(chats: readonly Chat[], now: number): ChatGroup[] {
  const groups: ChatGroup[] = [];
  for (const chat of chats) {
    const key = groupOf(chat.updatedAt, now);
    const last = groups.at(-1);
    if (last && sameGroup(last.key, key)) last.chats.push(chat);
    else groups.push({ key, chats: [chat] });
  }
  return groups;
}

function groupOf(at: number, now: number): ChatGroupKey {
  // Days are counted by the calendar, not by 24 hours: one of them has 23 or 25 when the clocks change.
  if (at >= startOfDay(now, 0)) return "today";
  if (at >= startOfDay(now, 1)) return "yesterday";
  if (at >= startOfDay(now, 7)) return "lastWeek";
  const date = new Date(at);
  return { year: date.getFullYear(), month: date.getMonth() };
}

function startOfDay(now: number, daysBefore: number): number {
  const date = new Date(now);
  date.setHours(0, 0, 0, 0);
  date.setDate(date.getDate() - daysBefore);
  return date.getTime();
}

function sameGroup(a: ChatGroupKey, b: ChatGroupKey): boolean {
  if (typeof a === "string" || typeof b === "string") return a === b;
  return a.year === b.year && a.month === b.month;
}

/** Name of a month for a group's head; with the year if it is another than this. */
export function monthName(key: { year: number; month: number }, language: string, now: number): string {
  const date = new Date(key.year, key.month, 1);
  const sameYear = new Date(now).getFullYear() === key.year;
  return new Intl.DateTimeFormat(language, { month: "long", ...(sameYear ? {} : { year: "numeric" }) }).format(date);
}
