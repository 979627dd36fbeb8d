/** Pages a second over the last minute of reading; null before it means anything. */
export interface ReadRate {
  /** A file of so many pages is done; one without pages counts as one. */
  read(pages: number): void;
  readonly pagesPerSecond: number | null;
  readonly filesPerSecond: number | null;
}

const windowMs = 60_000;
/** A rate of one file says little. */
const leastFiles = 3;

export function createReadRate(now: () => number): ReadRate {
  const done: { at: number; pages: number }[] = [];
  const recent = () => {
    const since = now() - windowMs;
    while ((done[0]?.at ?? Number.POSITIVE_INFINITY) < since) done.shift();
    return done;
  };
  const per = (count: (entries: typeof done) => number): number | null => {
    const entries = recent();
    const [first] = entries;
    if (!first || entries.length < leastFiles) return null;
    const seconds = (now() - first.at) / 1000;
    // The first one only says when the counting began.
    return seconds <= 0 ? null : count(entries.slice(1)) / seconds;
  };
  return {
    read: (pages) => void done.push({ at: now(), pages }),
    get pagesPerSecond() {
      return per((entries) => entries.reduce((sum, { pages }) => sum + pages, 0));
    },
    get filesPerSecond() {
      return per((entries) => entries.length);
    },
  };
}
