import { partialMark } from "./reasoning-splitter.ts";

export interface StopScanner {
  /** Text that is certain; `stopped` once a stop text has been seen (it is not part of the text). */
  push(chunk: string): { text: string; stopped: boolean };
  end(): string;
}

/** Cuts a stream at the first of the stop texts, across chunk borders. */
export function createStopScanner(stops: readonly string[]): StopScanner {
  let held = "";
  return {
    push(chunk) {
      if (stops.length === 0) return { text: chunk, stopped: false };
      held += chunk;
      let cut = -1;
      for (const stop of stops) {
        const at = held.indexOf(stop);
        if (at >= 0 && (cut < 0 || at < cut)) cut = at;
      }
      if (cut >= 0) {
        const text = held.slice(0, cut);
        held = "";
        return { text, stopped: true };
      }
      const keep = Math.max(...stops.map((stop) => partialMark(held, stop)));
      const text = held.slice(0, held.length - keep);
      held = held.slice(held.length - keep);
      return { text, stopped: false };
    },
    end() {
      const rest = held;
      held = "";
      return rest;
    },
  };
}
