import type { PdfLine } from "./page-lines.ts";

/** Within this part of the page, from above and below, running titles and page numbers stand. */
const margin = 0.09;

/** Leaves out what is on most pages at the same place, numbers aside: running titles, page numbers, notices. */
export function withoutRunningLines(pages: readonly (readonly PdfLine[])[]): PdfLine[][] {
  const seen = new Map<string, number>();
  const withText = pages.filter((lines) => lines.length > 0).length;
  for (const lines of pages)
    for (const key of new Set(lines.filter(isMarginal).map(keyOf))) seen.set(key, (seen.get(key) ?? 0) + 1);
  const isRunning = (line: PdfLine): boolean => {
    if (!isMarginal(line)) return false;
    if (/^[-–\s]*\d{1,5}[-–\s]*$/.test(line.text) || /^第\s*\d{1,5}\s*页/.test(line.text)) return true;
    return withText >= 3 && (seen.get(keyOf(line)) ?? 0) >= Math.max(3, withText * 0.5);
  };
  return pages.map((lines) => lines.filter((line) => !isRunning(line)));
}

function isMarginal({ box }: PdfLine): boolean {
  return box.y < margin || box.y + box.height > 1 - margin;
}

function keyOf({ text, box }: PdfLine): string {
  return `${Math.round(box.y * 50)} ${text.replaceAll(/\d+/g, "#")}`;
}
