import { createDeferred, withSignal } from "@deskside/base";
import type { SystemEvent } from "@deskside/contract";

export interface EventHub {
  publish(event: SystemEvent): void;
  /** Until `signal` aborts. Never a backlog: what was not fetched yet and is replaced by something newer is left out. */
  subscribe(first: SystemEvent, signal: AbortSignal | undefined): AsyncGenerator<SystemEvent>;
  /** For the backend itself: called in `publish`, must not throw, and is none of the `listeners`. */
  onPublish(listener: (event: SystemEvent) => void): Disposable;
  /** Windows that follow. */
  readonly listeners: number;
}

export function createEventHub(): EventHub {
  const subscribers = new Set<{ pending: Map<string, SystemEvent>; wake: () => void }>();
  const inside = new Set<(event: SystemEvent) => void>();
  return {
    onPublish(listener) {
      inside.add(listener);
      return { [Symbol.dispose]: () => void inside.delete(listener) };
    },
    publish(event) {
      for (const listener of inside) listener(event);
      const key = event.type === "chat" ? `chat:${event.chatId}` : event.type;
      for (const subscriber of subscribers) {
        subscriber.pending.set(key, event);
        subscriber.wake();
      }
    },
    async *subscribe(first, signal) {
      const subscriber = { pending: new Map<string, SystemEvent>(), wake: () => {} };
      subscribers.add(subscriber);
      try {
        yield first;
        while (!signal?.aborted) {
          if (subscriber.pending.size === 0) {
            const woken = createDeferred<void>();
            subscriber.wake = woken.resolve;
            await withSignal(woken.promise, signal);
          }
          const events = [...subscriber.pending.values()];
          subscriber.pending.clear();
          yield* events;
        }
      } finally {
        subscribers.delete(subscriber);
      }
    },
    get listeners() {
      return subscribers.size;
    },
  };
}
