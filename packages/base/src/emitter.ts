/** A typed listener list. `on` returns what unsubscribes; a listener that throws does not silence the others. */
export interface Emitter<T> {
  on(listener: (value: T) => void): Disposable;
  emit(value: T): void;
  readonly size: number;
}

export function createEmitter<T>(onListenerError: (error: unknown) => void): Emitter<T> {
  const listeners = new Set<(value: T) => void>();
  return {
    on(listener) {
      const own = (value: T) => listener(value);
      listeners.add(own);
      return { [Symbol.dispose]: () => void listeners.delete(own) };
    },
    emit(value) {
      for (const listener of [...listeners]) {
        try {
          listener(value);
        } catch (error) {
          onListenerError(error);
        }
      }
    },
    get size() {
      return listeners.size;
    },
  };
}
