import { z } from "zod";

/** A rectangle as fractions of the page's width and height, origin top left: the same for a PDF page and a scan. */
export const boxSchema = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });
export type Box = z.infer<typeof boxSchema>;

/**
 * Where text stands in its file. Numbers count from 1.
 * `page`: a PDF page, a slide, an image (page 1), or a chapter of an EPUB (without boxes there).
 * `lines`: lines of the text as it was read. `cells`: A1 style, one sheet.
 */
export const placeSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("page"), page: z.number().int().min(1), boxes: z.array(boxSchema) }),
  z.object({ kind: z.literal("lines"), from: z.number().int().min(1), to: z.number().int().min(1) }),
  z.object({ kind: z.literal("cells"), sheet: z.string(), from: z.string(), to: z.string() }),
]);
export type Place = z.infer<typeof placeSchema>;

/** The place of `text.slice(start, end)` of the text it belongs to. Ascending, not overlapping; a visual line, a table row or finer. */
export const spanSchema = z.object({
  start: z.number().int().min(0),
  end: z.number().int().min(0),
  place: placeSchema,
});
export type Span = z.infer<typeof spanSchema>;

/** A slice of a text, in UTF-16 units. */
export const rangeSchema = z.object({ start: z.number().int().min(0), end: z.number().int().min(0) });
export type TextRange = z.infer<typeof rangeSchema>;
