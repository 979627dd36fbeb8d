import { DesksideError, type ErrorKind } from "@deskside/base";
import type { z } from "zod";

export interface ErrorDefinition {
  readonly kind: ErrorKind;
  readonly data: z.ZodType<Record<string, unknown>>;
}

export type ErrorTable = Readonly<Record<string, ErrorDefinition>>;

/** Keeps codes literal and checks the shape of the table. */
export function defineErrors<const T extends ErrorTable>(table: T): T {
  return table;
}

/** Builds the thrower of one table: `error("CHAT_NOT_FOUND", { chatId })`. */
export function createErrorFactory<const T extends ErrorTable>(table: T) {
  return <C extends keyof T & string>(
    code: C,
    data: z.input<T[C]["data"]>,
    options?: { message?: string; cause?: unknown },
  ): DesksideError => {
    const definition = table[code] as ErrorDefinition;
    return new DesksideError({ code, kind: definition.kind, data: data as Record<string, unknown> }, options);
  };
}
