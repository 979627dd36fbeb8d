import type { Clock } from "@deskside/base";
import type { PartFile } from "../disk/part-file.ts";

/**
 * Bytes gathered for one write: few at first, so that the writes under way when the process is killed are a small
 * share of what is on disk.
 */
const writeMinBytes = 64 * 1024;
const writeMaxBytes = 512 * 1024;
const writeShare = 1 / 512;
/** Bytes in memory are written at the latest after this time, in milliseconds, when more come. */
const writeEveryMs = 400;
/** One half is filled while the other is written. */
export const writerBytes = 2 * writeMaxBytes;

export interface RangeWriterOptions {
  readonly part: PartFile;
  readonly clock: Clock;
  readonly buffer: Buffer;
  readonly onBytes: (bytes: number) => void;
}

/** Gathers small pieces of one stretch of a file into large writes, and takes more while it writes. */
export interface RangeWriter {
  /** Copies the piece. Null when there is nothing to wait for, as for most. Throws what an earlier write threw. */
  take(at: number, piece: Uint8Array): Promise<void> | null;
  /** Everything taken is written. */
  flush(): Promise<void>;
}

export function createRangeWriter({ part, clock, buffer, onBytes }: RangeWriterOptions): RangeWriter {
  const halves = [buffer.subarray(0, writeMaxBytes), buffer.subarray(writeMaxBytes)] as const;
  let filling: Buffer = halves[0];
  let start = 0;
  let length = 0;
  let startedAt = clock.monotonic();
  let writing: Promise<void> = Promise.resolve();

  /** What is there already is never written again: it may be hashed. */
  async function write(bytes: Buffer, from: number): Promise<void> {
    for (const [gapStart, gapEnd] of part.done.missing(from, from + bytes.length)) {
      await part.write(gapStart, bytes.subarray(gapStart - from, gapEnd - from));
      onBytes(gapEnd - gapStart);
    }
  }
  async function turnOver(): Promise<void> {
    await writing;
    const [bytes, from] = [filling.subarray(0, length), start];
    filling = filling === halves[0] ? halves[1] : halves[0];
    length = 0;
    startedAt = clock.monotonic();
    writing = write(bytes, from);
    // Whoever waits for it next hears of its failure.
    writing.catch(() => undefined);
  }
  function put(at: number, piece: Uint8Array): number {
    if (length === 0) start = at;
    const fitting = Math.min(filling.length - length, piece.length);
    filling.set(fitting === piece.length ? piece : piece.subarray(0, fitting), length);
    length += fitting;
    return fitting;
  }
  async function putAndTurn(at: number, piece: Uint8Array): Promise<void> {
    for (let used = 0; used < piece.length; ) {
      used += put(at + used, piece.subarray(used));
      await turnOver();
    }
  }
  return {
    take(at, piece) {
      const wanted = Math.min(writeMaxBytes, Math.max(writeMinBytes, Math.floor(part.done.bytes * writeShare)));
      const isDue = length + piece.length >= wanted || clock.monotonic() - startedAt >= writeEveryMs;
      if (isDue) return putAndTurn(at, piece);
      put(at, piece);
      return null;
    },
    async flush() {
      await writing;
      if (length > 0) await turnOver();
      await writing;
    },
  };
}
