import { translateError } from "./translate-error.ts";

export type Stream = AsyncIterator<unknown> & AsyncIterable<unknown>;

export function isStream(value: unknown): value is Stream {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value && "next" in value;
}

/** Calling side: a stream from the peer whose errors are ours; see `createClient`. */
export function guardIterator(
  source: Stream,
  context: { signal: AbortSignal | undefined; isClosed: () => boolean; peer: string },
): AsyncGenerator<unknown> {
  return wrapStream(source, {
    mapError: (error) =>
      translateError(error, { signal: context.signal, closed: context.isClosed(), peer: context.peer }),
    // A peer that is gone cannot be told to stop.
    canReturn: () => !context.isClosed(),
  });
}

/** Serving side: what a generator throws after it began would leave as the library's own opaque error. */
export function mapStreamErrors(source: Stream, mapError: (error: unknown) => unknown): AsyncGenerator<unknown> {
  return wrapStream(source, { mapError, canReturn: () => true });
}

function wrapStream(
  source: Stream,
  options: { mapError: (error: unknown) => unknown; canReturn: () => boolean },
): AsyncGenerator<unknown> {
  const call = async (step: () => Promise<IteratorResult<unknown>>): Promise<IteratorResult<unknown>> => {
    try {
      return await step();
    } catch (error) {
      throw options.mapError(error);
    }
  };
  const finish = async () => {
    if (options.canReturn()) await call(async () => (await source.return?.()) ?? { done: true, value: undefined });
  };
  return {
    next: () => call(() => source.next()),
    return: async (value) => {
      await finish();
      return { done: true, value };
    },
    throw: async (error) => {
      await finish();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    [Symbol.asyncDispose]: finish,
  };
}
