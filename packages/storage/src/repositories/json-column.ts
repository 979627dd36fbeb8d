import { z } from "zod";

/** A column that holds JSON of a known shape, or NULL. */
export function jsonColumn<T extends z.ZodType>(schema: T) {
  return z
    .string()
    .nullable()
    .transform((text) => (text === null ? null : schema.parse(JSON.parse(text))));
}

export function toJson(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}
