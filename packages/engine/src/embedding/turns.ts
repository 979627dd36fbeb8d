import { createSerialQueue } from "@deskside/base";
import { deskError } from "@deskside/contract";

/** Work on one native context: one at a time, in the order asked for; closing waits for what runs. */
export interface Turns {
  readonly busy: boolean;
  /** Throws MODEL_NOT_LOADED once it is closed. */
  take<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export function createTurns(): Turns {
  const queue = createSerialQueue();
  let waiting = 0;
  let closed = false;
  return {
    get busy() {
      return waiting > 0;
    },
    async take(work) {
      if (closed) throw deskError("MODEL_NOT_LOADED", {});
      waiting++;
      try {
        return await queue.run(work);
      } finally {
        waiting--;
      }
    },
    async close() {
      closed = true;
      await queue.run(async () => undefined);
    },
  };
}
