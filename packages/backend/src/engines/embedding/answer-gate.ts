import { createDeferred, type Deferred, withSignal } from "@deskside/base";

/** Lets work for later through while nobody waits for an answer. */
export interface AnswerGate {
  /** Answers are written at this moment: what can wait, waits. */
  readonly busy: boolean;
  /** To be called whenever `isAnswering` may say something else than before. */
  changed(): void;
  /** Resolves once no answer is written; rejects with the signal's reason. */
  quiet(signal?: AbortSignal): Promise<void>;
}

export function createAnswerGate(isAnswering: () => boolean): AnswerGate {
  let waiting: Deferred<void> | undefined;
  const gate: AnswerGate = {
    get busy() {
      return isAnswering();
    },
    changed() {
      if (isAnswering()) return;
      waiting?.resolve();
      waiting = undefined;
    },
    async quiet(signal) {
      // Another answer can begin before whoever waited has its turn.
      while (isAnswering()) {
        waiting ??= createDeferred<void>();
        await withSignal(waiting.promise, signal);
      }
      signal?.throwIfAborted();
    },
  };
  return gate;
}
