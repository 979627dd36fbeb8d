import type { AllowedHours } from "./download-types.ts";

const dayMinutes = 24 * 60;

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
