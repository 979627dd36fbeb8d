import { z } from "zod";

/** PostgreSQL keeps every character but NUL; its place is kept, so that positions in the text stay right. */
export function storable(text: string): string {
  return text.replaceAll("\0", "\u{fffd}");
}

/** A column of JSON with a known shape. */
export function jsonText<T extends z.ZodType>(schema: T) {
  return z.string().transform((text): z.output<T> => schema.parse(JSON.parse(text)));
}
