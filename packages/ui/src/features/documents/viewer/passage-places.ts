import type { Box, Span, TextRange } from "@deskside/contract";

export interface MarkedPlaces {
  /** Boxes by page. */
  readonly pages: ReadonlyMap<number, readonly Box[]>;
  readonly lines: { readonly from: number; readonly to: number } | null;
  readonly cells: { readonly sheet: string; readonly from: string; readonly to: string }[];
  /** Where the viewer begins. */
  readonly firstPage: number | null;
}

export const noPlaces: MarkedPlaces = { pages: new Map(), lines: null, cells: [], firstPage: null };

/** Where a range of a passage stands; without a range, all of it. */
export function markedPlaces(spans: readonly Span[], range: TextRange | null): MarkedPlaces {
  const touched = range === null ? spans : spans.filter(({ start, end }) => start < range.end && end > range.start);
  const pages = new Map<number, Box[]>();
  const cells: { sheet: string; from: string; to: string }[] = [];
  let lines: { from: number; to: number } | null = null;
  for (const { place } of touched) {
    if (place.kind === "page") pages.set(place.page, [...(pages.get(place.page) ?? []), ...place.boxes]);
    else if (place.kind === "cells") cells.push({ sheet: place.sheet, from: place.from, to: place.to });
    else
      lines =
        lines === null
          ? { from: place.from, to: place.to }
          : { from: Math.min(lines.from, place.from), to: Math.max(lines.to, place.to) };
  }
  return { pages, lines, cells, firstPage: [...pages.keys()].sort((a, b) => a - b)[0] ?? null };
}
