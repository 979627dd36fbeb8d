import type { Clock } from "@deskside/base";

/** What one answer tells as it is written. Dispose when it has come to any end. */
export interface AnswerMarks extends Disposable {
  /** The engine works on it; until then it waits. */
  running(): void;
  /** Tokens since the start of this run, as the engine counts them. */
  wrote(outputTokens: number): void;
  /** It came to its regular end; milliseconds from the call to the first token. */
  finished(firstTokenMs: number | null): void;
}

/** Told by whoever lets answers be written. */
export interface AnswerActivity {
  begin(): AnswerMarks;
}

export interface ActivityReading {
  readonly running: number;
  readonly waiting: number;
  /** Since the reading before. */
  readonly tokens: number;
  readonly tokensPerSecond: number;
  readonly crashes: number;
  readonly crashesLastHour: number;
  /** Over answers that finished in the last five minutes; null without any. Nearest rank. */
  readonly firstTokenP50: number | null;
  readonly firstTokenP99: number | null;
}

export interface ActivityStatistics extends AnswerActivity {
  /** An engine process ended by itself. */
  crashed(): void;
  /** For one reader: it takes what was counted since it last asked. */
  read(): ActivityReading;
}

const firstTokenWindowMs = 5 * 60_000;
const hourMs = 3600_000;
/** More than this many finished answers in five minutes are not looked at one by one. */
const keepAtMost = 10_000;

interface Timed {
  readonly at: number;
  readonly ms: number;
}

export function createActivityStatistics(clock: Clock): ActivityStatistics {
  const answers = new Set<{ running: boolean }>();
  let tokens = 0;
  let newCrashes = 0;
  let readAt = clock.monotonic();
  let firstTokens: Timed[] = [];
  let crashes: number[] = [];
  return {
    begin() {
      const answer = { running: false };
      answers.add(answer);
      let written = 0;
      return {
        running() {
          answer.running = true;
        },
        wrote(outputTokens) {
          tokens += Math.max(0, outputTokens - written);
          written = Math.max(written, outputTokens);
        },
        finished(firstTokenMs) {
          if (firstTokenMs === null) return;
          firstTokens.push({ at: clock.monotonic(), ms: firstTokenMs });
          if (firstTokens.length > keepAtMost) firstTokens.shift();
        },
        [Symbol.dispose]: () => void answers.delete(answer),
      };
    },
    crashed() {
      newCrashes++;
      crashes.push(clock.monotonic());
    },
    read() {
      const now = clock.monotonic();
      firstTokens = firstTokens.filter(({ at }) => now - at <= firstTokenWindowMs);
      crashes = crashes.filter((at) => now - at <= hourMs);
      const sorted = firstTokens.map(({ ms }) => ms).sort((a, b) => a - b);
      const running = [...answers].filter((answer) => answer.running).length;
      const seconds = (now - readAt) / 1000;
      const reading = {
        ...{ running, waiting: answers.size - running, tokens, crashes: newCrashes, crashesLastHour: crashes.length },
        tokensPerSecond: seconds > 0 ? tokens / seconds : 0,
        firstTokenP50: nearestRank(sorted, 50),
        firstTokenP99: nearestRank(sorted, 99),
      };
      readAt = now;
      tokens = 0;
      newCrashes = 0;
      return reading;
    },
  };
}

/** Percentile of sorted values: the smallest that at least `percent` of all do not exceed. Null without values. */
export function nearestRank(sorted: readonly number[], percent: number): number | null {
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? null;
}
