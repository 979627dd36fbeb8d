/** Keeps unsent text on disk: soon after the last key, and at once when asked. */
export interface DraftSaver extends Disposable {
  set(text: string): void;
  flush(): void;
}

const pauseMs = 300;

/** @param deps.onResult told after every save whether it worked */
export function createDraftSaver(deps: {
  save: (text: string) => Promise<void>;
  onResult: (ok: boolean) => void;
}): DraftSaver {
  let waiting: string | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    clearTimeout(timer);
    if (waiting === null) return;
    const text = waiting;
    waiting = null;
    deps.save(text).then(
      () => deps.onResult(true),
      () => {
        // Tried again with the next key or flush; newer text stands already.
        waiting ??= text;
        deps.onResult(false);
      },
    );
  };
  return {
    set(text) {
      waiting = text;
      clearTimeout(timer);
      timer = setTimeout(flush, pauseMs);
    },
    flush,
    [Symbol.dispose]: flush,
  };
}
