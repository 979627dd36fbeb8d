import type { BarStream } from "./progress-bar.ts";

export interface StatusLine extends Disposable {
  show(text: string): void;
}

/** One line of a terminal that is written over and over; nothing where there is none. */
export function createStatusLine(stream: BarStream, wanted: boolean): StatusLine {
  const isShown = wanted && stream.isTTY === true;
  return {
    show(text) {
      if (isShown) stream.write(`\r\u001b[2K${text.slice(0, (stream.columns ?? 80) - 1)}`);
    },
    [Symbol.dispose]() {
      if (isShown) stream.write("\r\u001b[2K");
    },
  };
}
