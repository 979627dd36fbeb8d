import type { AllowedHours } from "./download-types.ts";

const dayMinutes = 24 * 60;

/** The next minute at which downloads may run, in milliseconds since 1970; null: never, or there are no hours. */
export function nextAllowedAt(schedule: readonly AllowedHours[] | null, date: Date): number | null {
  if (schedule === null) return null;
  const starts = schedule.map(({ from }) => {
    const start = new Date(date);
    // By the local clock, so that a day of 23 or 25 hours makes no difference.
    start.setHours(0, from % dayMinutes, 0, 0);
    if (start <= date) start.setDate(start.getDate() + 1);
    return start.getTime();
  });
  return starts.length === 0 ? null : Math.min(...starts);
}

/** Whether downloads may run at this local time. `from` equal to `to` is the whole day. */
export function isAllowedAt(schedule: readonly AllowedHours[] | null, date: Date): boolean {
  if (schedule === null) return true;
  const minute = date.getHours() * 60 + date.getMinutes();
  return schedule.some(({ from, to }) => {
    const [start, end] = [from % dayMinutes, to % dayMinutes];
    if (start === end) return true;
    return start < end ? minute >= start && minute < end : minute >= start || minute < end;
  });
}
