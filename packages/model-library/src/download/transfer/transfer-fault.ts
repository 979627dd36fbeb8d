import { type DesksideError, isDesksideError } from "@deskside/base";
import { deskError } from "@deskside/contract";

/**
 * Why one request brought less than asked for. `transient`: try again. `fatal`: this source is of no use.
 * `suspect`: of no use when it happens again (a proxy's page in between looks the same as another file).
 * `changed`: the file there is another one than before. `no-ranges`: it answers with whole files only.
 */
export type FaultKind = "transient" | "suspect" | "fatal" | "changed" | "no-ranges";

export class TransferFault extends Error {
  readonly kind: FaultKind;
  /** What the user is told when nothing else works. */
  readonly error: DesksideError;
  /** The server's wish; null when it has none. */
  readonly retryAfterMs: number | null;
  /** The server says that it is asked too much. */
  readonly isBusy: boolean;

  constructor(
    kind: FaultKind,
    error: DesksideError,
    options: { retryAfterMs?: number | null; isBusy?: boolean; cause?: unknown } = {},
  ) {
    super(error.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "TransferFault";
    this.kind = kind;
    this.error = error;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.isBusy = options.isBusy ?? false;
  }
}

/** Whose request it was, for the words of an error. */
export interface FaultPlace {
  readonly file: string;
  readonly source: string;
}

export function failedFault(place: FaultPlace, kind: FaultKind, detail: string, cause?: unknown): TransferFault {
  const error = deskError("DOWNLOAD_FAILED", { ...place, detail: detail.slice(0, 300) }, { cause });
  return new TransferFault(kind, error);
}

/** What the HTTP client threw: a refusal lasts, a broken line does not. Disk failures are no fault of a source. */
export function faultOfThrown(place: FaultPlace, error: unknown): unknown {
  if (error instanceof TransferFault || !(error instanceof Error)) return error;
  if (!isDesksideError(error)) return failedFault(place, "transient", error.message, error);
  if (lasting.includes(error.code)) return new TransferFault("fatal", error);
  if (error.code === "PROXY_UNREACHABLE") return new TransferFault("transient", error);
  if (error.code === "PROXY_REFUSED") return new TransferFault(isProxysTrouble(error) ? "transient" : "fatal", error);
  if (error.code === "EGRESS_FAILED") {
    return failedFault(place, "transient", detailOf(error), error);
  }
  return error;
}

const lasting: readonly string[] = ["EGRESS_BLOCKED", "PROXY_UNUSABLE", "PROXY_AUTH_REQUIRED"];

/** It wanted to and could not, as when the name does not resolve there at the moment; else it is forbidden there. */
function isProxysTrouble({ data }: DesksideError): boolean {
  return Number(data["status"]) >= 500;
}

function detailOf({ data, message }: DesksideError): string {
  return typeof data["detail"] === "string" ? data["detail"] : message;
}
