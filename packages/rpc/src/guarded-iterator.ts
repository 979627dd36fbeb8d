import { translateError } from "./translate-error.ts";

type Stream = AsyncIterator<unknown> & AsyncIterable<unknown>;

/** A stream from the peer whose errors are ours: see `createClient`. */
export function guardIterator(
  source: Stream,
  context: { signal: AbortSignal | undefined; isClosed: () => boolean; peer: string },
): AsyncGenerator<unknown> {
  const call = async (step: () => Promise<IteratorResult<unknown>>): Promise<IteratorResult<unknown>> => {
    try {
      return await step();
    } catch (error) {
      throw translateError(error, { signal: context.signal, closed: context.isClosed(), peer: context.peer });
    }
  };
  const finish = () => source.return?.() ?? Promise.resolve({ done: true as const, value: undefined });
  return {
    next: () => call(() => source.next()),
    return: async (value) => {
      if (!context.isClosed()) await call(finish);
      return { done: true, value };
    },
    throw: async (error) => {
      if (!context.isClosed()) await call(finish);
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      if (!context.isClosed()) await finish();
    },
  };
}
