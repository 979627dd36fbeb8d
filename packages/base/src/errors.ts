/** What sort of failure it is. Closed: it decides logging, HTTP status, exit code and whether a retry makes sense. */
export const errorKinds = [
  "invalid-input",
  "not-found",
  "conflict",
  "precondition",
  "unsupported",
  "exhausted",
  "unavailable",
  "denied",
  "external",
  "internal",
] as const;

export type ErrorKind = (typeof errorKinds)[number];

/** Everything that crosses a process border about a failure. The interface words it from `code` and `data`. */
export interface ErrorData {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The one error class. `message` is for logs only: it is never shown and never parsed. */
export class DesksideError extends Error implements ErrorData {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly data: Readonly<Record<string, unknown>>;

  constructor(error: ErrorData, options?: { message?: string; cause?: unknown }) {
    super(
      options?.message ?? `${error.code} ${JSON.stringify(error.data)}`,
      options?.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = "DesksideError";
    this.code = error.code;
    this.kind = error.kind;
    this.data = error.data;
  }

  toData(): ErrorData {
    return { code: this.code, kind: this.kind, data: this.data };
  }
}

export function isDesksideError(value: unknown, code?: string): value is DesksideError {
  return value instanceof DesksideError && (code === undefined || value.code === code);
}

/** Why work ended when somebody asked for it. Never logged, never shown. */
export class Cancelled extends Error {
  constructor(reason = "cancelled") {
    super(reason);
    this.name = "AbortError";
  }
}

/** True when `error` is the consequence of an abort that *we* asked for through `signal`. */
export function isCancellation(error: unknown, signal?: AbortSignal): boolean {
  if (error instanceof Cancelled) return true;
  return (
    signal?.aborted === true && (error === signal.reason || (error instanceof Error && error.name === "AbortError"))
  );
}
