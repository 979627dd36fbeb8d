import type { GgufFailures } from "./gguf-failures.ts";
import { ggufLimits } from "./gguf-limits.ts";

/**
 * A window that moves over the head of a file. `has`/`load` bring bytes into memory; the plain readers then work
 * without awaiting. Reading past the end of the file or of the allowed header throws the typed error.
 */
export interface HeaderReader {
  readonly fileBytes: number;
  readonly position: number;
  has(bytes: number): boolean;
  load(bytes: number): Promise<void>;
  /** Passes over bytes without reading them. */
  skip(bytes: number): void;
  /**
   * Passes over texts whose length is in memory, at most `count`; returns how many. Stops before a text longer than
   * `limit`. This is where a header with millions of texts spends its time.
   */
  skipTexts(count: number, limit: number): number;
  /** Goes to a place that was already read. */
  seek(position: number): void;
  u8(): number;
  u32(): number;
  /** Rounded to the nearest double above 2^53: for comparisons with limits, never for arithmetic. */
  u64(): number;
  /** A view that stays valid until the next `load`. */
  bytes(count: number): Buffer;
}

/** Where the bytes come from: an open file, or ranges over HTTP. Fewer bytes than asked for are allowed, 0 at the end. */
export interface HeaderSource {
  read(buffer: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
}

const firstWindow = 64 * 1024;
const laterWindow = 512 * 1024;

export interface HeaderReaderOptions {
  readonly signal?: AbortSignal;
  /** Bytes read ahead. Default 512 kB, at the start 64 kB. */
  readonly windowBytes?: number;
}

export function createHeaderReader(
  source: HeaderSource,
  fileBytes: number,
  failures: GgufFailures,
  options: HeaderReaderOptions = {},
): HeaderReader {
  const window: FileWindow = { bytes: Buffer.alloc(0), start: 0, length: 0 };
  let position = 0;

  function checkRange(bytes: number): void {
    const end = position + bytes;
    if (end > ggufLimits.headerBytes) {
      throw failures.invalid("header-too-large", position, `more than ${ggufLimits.headerBytes} bytes of header`);
    }
    if (end > fileBytes) throw failures.truncated(end, fileBytes);
  }

  function take(bytes: number): number {
    const at = position - window.start;
    position += bytes;
    return at;
  }

  return {
    fileBytes,
    get position() {
      return position;
    },
    has: (bytes) => position >= window.start && position + bytes <= window.start + window.length,
    async load(bytes) {
      options.signal?.throwIfAborted();
      checkRange(bytes);
      const wanted = Math.max(bytes, position === 0 ? firstWindow : (options.windowBytes ?? laterWindow));
      await fill(window, source, position, Math.min(wanted, fileBytes - position));
      // The file shrank while it was read.
      if (window.length < bytes) throw failures.truncated(position + bytes, position + window.length);
    },
    skip(bytes) {
      checkRange(bytes);
      position += bytes;
    },
    skipTexts(count, limit) {
      const { passed, end } = passTexts(window, position - window.start, count, limit);
      const bytes = window.start + end - position;
      checkRange(bytes);
      position += bytes;
      return passed;
    },
    seek(target) {
      position = target;
    },
    u8: () => window.bytes.readUInt8(take(1)),
    u32: () => window.bytes.readUInt32LE(take(4)),
    u64() {
      const at = take(8);
      return window.bytes.readUInt32LE(at + 4) * 2 ** 32 + window.bytes.readUInt32LE(at);
    },
    bytes(count) {
      const at = take(count);
      return window.bytes.subarray(at, at + count);
    },
  };
}

/** The part of the file that is in memory. */
interface FileWindow {
  bytes: Buffer;
  start: number;
  length: number;
}

async function fill(window: FileWindow, source: HeaderSource, start: number, length: number): Promise<void> {
  if (window.bytes.length < length) window.bytes = Buffer.allocUnsafe(length);
  window.start = start;
  window.length = 0;
  while (window.length < length) {
    const { bytesRead } = await source.read(window.bytes, window.length, length - window.length, start + window.length);
    if (bytesRead === 0) return;
    window.length += bytesRead;
  }
}

/** Walks from text to text inside the window; `end` may lie behind it. */
function passTexts(window: FileWindow, from: number, count: number, limit: number): { passed: number; end: number } {
  const { bytes } = window;
  const lastLength = window.length - 8;
  let at = from;
  let passed = 0;
  while (passed < count && at <= lastLength) {
    const upper = (bytes[at + 4] as number) | (bytes[at + 5] as number) | (bytes[at + 6] as number);
    if (upper !== 0 || bytes[at + 7] !== 0) break;
    const lower = (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16);
    const length = lower + (bytes[at + 3] as number) * 2 ** 24;
    if (length > limit) break;
    at += 8 + length;
    passed++;
  }
  return { passed, end: at };
}
