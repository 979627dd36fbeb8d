/**
 * Milliseconds before try number `failures` + 1: random between half and the whole of a doubling time, so that many
 * clients of a hub that came back do not ask in step ("equal jitter", Brooker 2015).
 */
export function backoffMs(failures: number, baseMs: number, maxMs: number, random: () => number): number {
  const full = Math.min(maxMs, baseMs * 2 ** Math.min(30, Math.max(0, failures - 1)));
  return full / 2 + (full / 2) * random();
}

/** `Retry-After` in milliseconds: seconds or an HTTP date (RFC 9110, 10.2.3). Null when absent or unreadable. */
export function readRetryAfter(value: string | undefined, now: number): number | null {
  if (value === undefined) return null;
  const text = value.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isFinite(date) && /[a-z]/i.test(text) ? Math.max(0, date - now) : null;
}
