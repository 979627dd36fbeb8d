/** Hands every event to every reader; a reader gets what comes after it began, and ends with its signal. */
export interface ChangeFeed<T> {
  emit(event: T): void;
  /** Ends all readers with this error, as a lost connection does. */
  fail(error: unknown): void;
  read(first: readonly T[], signal: AbortSignal | undefined): AsyncGenerator<T, void, void>;
  readonly readers: number;
}

interface Reader<T> {
  queue: T[];
  failure: { error: unknown } | undefined;
  wake: () => void;
}

export function createChangeFeed<T>(): ChangeFeed<T> {
  const readers = new Set<Reader<T>>();
  return {
    emit(event) {
      for (const reader of readers) {
        reader.queue.push(event);
        reader.wake();
      }
    },
    fail(error) {
      for (const reader of readers) {
        reader.failure = { error };
        reader.wake();
      }
    },
    read(first, signal) {
      const reader: Reader<T> = { queue: [...first], failure: undefined, wake: () => undefined };
      readers.add(reader);
      return drain(reader, signal, () => readers.delete(reader));
    },
    get readers() {
      return readers.size;
    },
  };
}

async function* drain<T>(reader: Reader<T>, signal: AbortSignal | undefined, leave: () => void) {
  const onAbort = () => reader.wake();
  signal?.addEventListener("abort", onAbort);
  try {
    for (;;) {
      if (signal?.aborted) throw signal.reason;
      const event = reader.queue.shift();
      if (event !== undefined) {
        yield event;
        continue;
      }
      if (reader.failure) throw reader.failure.error;
      await new Promise<void>((resolve) => {
        reader.wake = resolve;
      });
    }
  } finally {
    signal?.removeEventListener("abort", onAbort);
    leave();
  }
}

/**
 * A generator under the type that the client has for its streams: the library's own class, which has a private field
 * and otherwise nothing that a reader uses.
 */
export function asClientStream<Stream>(generator: AsyncGenerator<unknown>): Stream {
  return generator as Stream;
}
