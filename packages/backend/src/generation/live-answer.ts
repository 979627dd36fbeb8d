import { createDeferred, sleep, withSignal } from "@deskside/base";
import type { GenerationEvent, Message, MessageStats } from "@deskside/contract";

type Phase = Extract<GenerationEvent, { type: "delta" }>["phase"];
type Terminal = Extract<GenerationEvent, { type: "done" | "cancelled" | "failed" }>;

/** A window is told at most this often. */
const pauseMs = 30;

export const noStats: MessageStats = {
  promptTokens: 0,
  cachedTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  tokensPerSecond: null,
  firstTokenMs: null,
  reasoningMs: null,
  totalMs: 0,
};

/**
 * A running answer and those who watch it. Text only grows, so each watcher needs no backlog: it gets what was added
 * since it last looked, however slow it is.
 */
export interface LiveAnswer {
  readonly message: Message;
  readonly stats: MessageStats;
  readonly settled: boolean;
  update(change: {
    phase?: Phase;
    text?: string;
    reasoning?: string;
    progress?: number | null;
    stats?: Partial<MessageStats>;
  }): void;
  settle(event: Terminal): void;
  watch(signal: AbortSignal | undefined): AsyncGenerator<GenerationEvent>;
  /** Resolves when the answer has come to its end. */
  readonly end: Promise<Terminal>;
}

export function createLiveAnswer(message: Message): LiveAnswer {
  let current = message;
  let stats = message.stats ?? noStats;
  let phase: Phase = "queued";
  let progress: number | null = null;
  let seq = 0;
  let terminal: Terminal | undefined;
  let changed = createDeferred<void>();
  const end = createDeferred<Terminal>();

  const notify = () => {
    seq++;
    changed.resolve();
    changed = createDeferred<void>();
  };

  return {
    get message() {
      return current;
    },
    get stats() {
      return stats;
    },
    get settled() {
      return terminal !== undefined;
    },
    end: end.promise,
    update(change) {
      if (terminal) return;
      phase = change.phase ?? phase;
      if (change.progress !== undefined) progress = change.progress;
      stats = { ...stats, ...change.stats };
      const text = current.text + (change.text ?? "");
      const reasoning = current.reasoning + (change.reasoning ?? "");
      current = { ...current, text, reasoning };
      notify();
    },
    settle(event) {
      if (terminal) return;
      terminal = event;
      current = event.message;
      notify();
      end.resolve(event);
    },
    async *watch(signal) {
      let seen = { seq, text: current.text.length, reasoning: current.reasoning.length };
      if (!terminal) yield { type: "snapshot", seq, phase, message: current, progress, stats };
      while (!terminal) {
        if (seen.seq === seq) await withSignal(changed.promise, signal);
        if (terminal) break;
        const text = current.text.slice(seen.text);
        const reasoning = current.reasoning.slice(seen.reasoning);
        seen = { seq, text: current.text.length, reasoning: current.reasoning.length };
        yield { type: "delta", seq, phase, text, reasoning, progress, stats };
        // Only text comes often; what is not text must not hold up the first word.
        if (text !== "" || reasoning !== "")
          await Promise.race([sleep(pauseMs, signal ? { signal } : {}), end.promise]);
      }
      yield terminal;
    },
  };
}
