import { DesksideError, type ErrorData } from "@deskside/base";
import type { PassageIndex } from "../passage-index.ts";

/** What the thread needs to open the index; `workerData` of it. */
export interface IndexWorkerData {
  readonly dataDir: string;
  /** 32 bytes. */
  readonly dataKey: Uint8Array;
}

export interface IndexCall {
  readonly id: number;
  readonly method: keyof PassageIndex;
  readonly args: readonly unknown[];
}

export type IndexMessage =
  | { readonly type: "opened"; readonly readOnly: string | null; readonly repair: IndexRepair | null }
  | { readonly type: "result"; readonly id: number; readonly value: unknown }
  /** `id` null: the index could not be opened. */
  | { readonly type: "error"; readonly id: number | null; readonly error: ThrownError }
  | {
      readonly type: "log";
      readonly level: "info" | "warn" | "error";
      readonly data: object;
      readonly message: string;
    };

export interface IndexRepair {
  readonly path: string;
  readonly collections: number;
  readonly documents: number;
}

/** Classes do not survive the way between threads. */
export interface ThrownError {
  readonly desk: ErrorData | null;
  readonly message: string;
  readonly stack: string | null;
}

export function describeError(error: unknown): ThrownError {
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? null) : null;
  return { desk: error instanceof DesksideError ? error.toData() : null, message, stack };
}

export function reviveError({ desk, message, stack }: ThrownError): Error {
  if (desk) return new DesksideError(desk, { message });
  const error = new Error(message);
  if (stack !== null) error.stack = stack;
  return error;
}
