export interface MailboxOptions<T> {
  /** How many values wait at most for a slow reader. */
  readonly limit: number;
  /** Joins the value that waits last with a new one, or answers null where the two stay apart. */
  readonly merge?: (waiting: T, next: T) => T | null;
  /**
   * What a reader that was too slow gets in place of the backlog, made at the moment it reads again. With it, `push`
   * never fails for a full queue.
   */
  readonly resync?: () => T;
  /** Ends a waiting reader with `signal.reason` and closes the mailbox. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A bounded queue between a producer that must not wait and one reader that may be slow: the transport has no
 * backpressure, so what a reader does not fetch would pile up here.
 */
export interface Mailbox<T> extends AsyncIterableIterator<T, undefined, undefined> {
  /**
   * Queues or merges. False: the value was not kept, because the queue is full (answer with `replace`) or closed.
   */
  push(value: T): boolean;
  /** Drops the backlog and queues only this value, for example a fresh snapshot. */
  replace(value: T): void;
  /** Lets the reader finish the backlog, then `last`, which is delivered however full the queue is; then ends. */
  end(last?: T): void;
  /** Lets the reader finish the backlog, then throws `error` at it. */
  fail(error: unknown): void;
  /** The reader left by `return` (a `break` in its loop). */
  return(): Promise<IteratorReturnResult<undefined>>;
  /** True after `end`, `fail`, an abort, or when the reader left: nothing more is kept. */
  readonly closed: boolean;
  /** Values that wait now. */
  readonly size: number;
}

interface Waiter<T> {
  resolve(result: IteratorResult<T, undefined>): void;
  reject(error: unknown): void;
}

type Close = { readonly error?: unknown; readonly failed: boolean };

export function createMailbox<T>(options: MailboxOptions<T>): Mailbox<T> {
  if (!(options.limit >= 1)) throw new RangeError(`a mailbox needs room for at least one value, not ${options.limit}`);
  return new BoundedMailbox(options);
}

class BoundedMailbox<T> implements Mailbox<T> {
  readonly #options: MailboxOptions<T>;
  #values: T[] = [];
  #stale = false;
  #close: Close | undefined;
  #waiter: Waiter<T> | undefined;
  readonly #onAbort = () => this.#abort();

  constructor(options: MailboxOptions<T>) {
    this.#options = options;
    if (options.signal?.aborted) this.#abort();
    else options.signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  get closed(): boolean {
    return this.#close !== undefined;
  }

  get size(): number {
    return this.#values.length + (this.#stale ? 1 : 0);
  }

  push(value: T): boolean {
    if (this.#close) return false;
    // The snapshot that will be made when the reader comes back contains this value already.
    if (this.#stale || this.#hand(value) || this.#mergeIntoLast(value)) return true;
    if (this.#values.length < this.#options.limit) {
      this.#values.push(value);
      return true;
    }
    if (!this.#options.resync) return false;
    this.#values = [];
    this.#stale = true;
    return true;
  }

  replace(value: T): void {
    if (this.#close) return;
    this.#values = [];
    this.#stale = false;
    if (!this.#hand(value)) this.#values.push(value);
  }

  end(...last: [T?]): void {
    if (this.#close) return;
    if (last.length > 0 && !this.#hand(last[0] as T)) this.#values.push(last[0] as T);
    this.#finish({ failed: false });
  }

  fail(error: unknown): void {
    if (!this.#close) this.#finish({ failed: true, error });
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#waiter) return Promise.reject(new Error("a mailbox has one reader, which reads one value at a time"));
    if (this.#stale && this.#options.resync) {
      this.#stale = false;
      return Promise.resolve({ done: false, value: this.#options.resync() });
    }
    if (this.#values.length > 0) return Promise.resolve({ done: false, value: this.#values.shift() as T });
    if (this.#close) return this.#settleClosed();
    return new Promise((resolve, reject) => {
      this.#waiter = { resolve, reject };
    });
  }

  return(): Promise<IteratorReturnResult<undefined>> {
    this.#values = [];
    this.#stale = false;
    this.#finish({ failed: false });
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #hand(value: T): boolean {
    const waiter = this.#waiter;
    if (!waiter) return false;
    this.#waiter = undefined;
    waiter.resolve({ done: false, value });
    return true;
  }

  #mergeIntoLast(value: T): boolean {
    const last = this.#values.length - 1;
    if (last < 0 || !this.#options.merge) return false;
    const merged = this.#options.merge(this.#values[last] as T, value);
    if (merged === null) return false;
    this.#values[last] = merged;
    return true;
  }

  #abort(): void {
    this.#values = [];
    this.#stale = false;
    if (!this.#close) this.#finish({ failed: true, error: this.#options.signal?.reason });
  }

  #finish(close: Close): void {
    this.#close = close;
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    const waiter = this.#waiter;
    if (!waiter) return;
    this.#waiter = undefined;
    this.#settleClosed().then(waiter.resolve, waiter.reject);
  }

  /** An error is thrown once; afterwards the stream is simply over. */
  #settleClosed(): Promise<IteratorReturnResult<undefined>> {
    const close = this.#close;
    this.#close = { failed: false };
    if (close?.failed) return Promise.reject(close.error as Error);
    return Promise.resolve({ done: true, value: undefined });
  }
}
