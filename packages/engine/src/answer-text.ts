import type { Token } from "node-llama-cpp";
import { createReasoningSplitter, type ReasoningMarks } from "./reasoning-splitter.ts";
import { createStopScanner } from "./stop-scanner.ts";
import type { TokenText } from "./token-text.ts";

/** What was added since the last time it was taken. */
export interface AddedText {
  readonly text: string;
  readonly reasoning: string;
}

/** Tokens of an answer on their way to text: put together, told apart from the reasoning, cut at a stop text. */
export interface AnswerText {
  readonly outputTokens: number;
  readonly reasoningTokens: number;
  /** What comes next still belongs to the reasoning. */
  readonly inReasoning: boolean;
  /** Of the last token that belonged to the reasoning, in the clock of `now`; null without one. */
  readonly reasoningUntil: number | null;
  /** A stop text has been seen: nothing more belongs to the answer. */
  readonly stopped: boolean;
  push(token: Token, now: number): void;
  take(): AddedText;
  /** Everything that was held back. */
  end(): AddedText;
}

export function createAnswerText(options: {
  tokens: TokenText;
  marks: ReasoningMarks | null;
  insideReasoning: boolean;
  stop: readonly string[];
}): AnswerText {
  const splitter = createReasoningSplitter(options.marks, options.insideReasoning);
  const stop = createStopScanner(options.stop);
  let added = { text: "", reasoning: "" };
  let outputTokens = 0;
  let reasoningTokens = 0;
  let reasoningUntil: number | null = null;
  let stopped = false;

  const feed = (parts: AddedText) => {
    if (stopped) return;
    const scanned = stop.push(parts.text);
    stopped = scanned.stopped;
    added = { text: added.text + scanned.text, reasoning: added.reasoning + parts.reasoning };
  };

  const take = (): AddedText => {
    feed(splitter.push(options.tokens.take()));
    const taken = added;
    added = { text: "", reasoning: "" };
    return taken;
  };

  return {
    get outputTokens() {
      return outputTokens;
    },
    get reasoningTokens() {
      return reasoningTokens;
    },
    get inReasoning() {
      return splitter.inReasoning;
    },
    get reasoningUntil() {
      return reasoningUntil;
    },
    get stopped() {
      return stopped;
    },
    push(token, now) {
      outputTokens++;
      options.tokens.push(token);
      // Token by token only while it matters which part a token belongs to or where to stop; else in batches.
      if (splitter.settled && options.stop.length === 0) return;
      const before = splitter.inReasoning;
      feed(splitter.push(options.tokens.take()));
      if (!before && !splitter.inReasoning) return;
      reasoningTokens++;
      reasoningUntil = now;
    },
    take,
    end() {
      feed(splitter.push(options.tokens.end()));
      feed(splitter.end());
      if (!stopped) added.text += stop.end();
      return take();
    },
  };
}
