import type { PDFPageProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import type { PdfItem } from "./page-lines.ts";
import { type Matrix, multiply, type Turn, turnMatrix } from "./text-turn.ts";

/** More pieces than any page that people read, and longer than any takes. What comes after is left out. */
const mostPieces = 200_000;
const mostMs = 20_000;

export interface PageItems {
  readonly items: readonly PdfItem[];
  /** How the page has to be turned for its text to stand upright; the items are as after that. */
  readonly turn: Turn;
  readonly isCut: boolean;
  readonly isBroken: boolean;
}

interface TextItem {
  readonly str: string;
  readonly transform: readonly number[];
  readonly width: number;
}

/** The pieces of text that stand in the page's most common direction. */
export async function pageItems(page: PDFPageProxy, mostCharacters: number): Promise<PageItems> {
  const { transform: view, width, height } = page.getViewport({ scale: 1 });
  const { texts, ...state } = await readTexts(page, mostCharacters);
  const turn = commonTurn(texts, view);
  const turned = multiply(turnMatrix(turn, { width, height }), view);
  const size = turn % 2 === 0 ? { width, height } : { width: height, height: width };
  return { items: texts.flatMap((text) => toItem(text, turned, size) ?? []), turn, ...state };
}

/** A page may hold more than memory does: its text is taken as it comes, and only so much of it. */
async function readTexts(page: PDFPageProxy, mostCharacters: number) {
  const texts: TextItem[] = [];
  const startedAt = performance.now();
  let characters = 0;
  const reader = page.streamTextContent({ includeMarkedContent: false }).getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return { texts, isCut: false, isBroken: false };
      for (const item of (value as { items: readonly (TextItem | object)[] }).items) {
        if (!("str" in item) || item.str === "") continue;
        texts.push(item);
        characters += item.str.length;
      }
      if (texts.length < mostPieces && characters < mostCharacters && performance.now() - startedAt < mostMs) continue;
      await reader.cancel(new Error("enough"));
      return { texts, isCut: true, isBroken: false };
    }
  } catch {
    // What came before the damage is worth keeping.
    return { texts, isCut: false, isBroken: true };
  }
}

/** The direction most of the text runs in: tables are often printed sideways. */
function commonTurn(texts: readonly TextItem[], view: readonly number[]): Turn {
  const characters = [0, 0, 0, 0];
  for (const { str, transform } of texts) {
    const turn = turnOf(multiply(view, transform));
    if (turn !== null) characters[turn] = (characters[turn] ?? 0) + str.trim().length;
  }
  return Math.max(0, characters.indexOf(Math.max(...characters))) as Turn;
}

/** Null: the text is slanted, as stamps and watermarks are. */
function turnOf([a, b]: Matrix): Turn | null {
  const quarters = Math.atan2(b, a) / (Math.PI / 2);
  if (!Number.isFinite(quarters) || Math.abs(quarters - Math.round(quarters)) > 0.1) return null;
  return ((Math.round(quarters) + 4) % 4) as Turn;
}

/** From the text's own coordinates to fractions of the page. Null: nobody can see it there. */
function toItem(
  item: TextItem,
  view: Matrix,
  { width, height }: { readonly width: number; readonly height: number },
): PdfItem | null {
  const own = multiply(view, item.transform);
  const [, , c, d, e, f] = own;
  const size = Math.hypot(c, d);
  // A page can have a unit of its own; the matrix knows it, the width does not.
  const advance = item.width * Math.hypot(view[0], view[1]);
  // The transform places the base line; letters reach a little below it and most of their size above.
  const box = { x: e / width, y: (f - size * 0.85) / height, width: advance / width, height: size / height };
  const isSomewhere = Object.values(box).every(Number.isFinite) && size > 0;
  if (!isSomewhere || !isOnPage(box) || turnOf(own) !== 0) return null;
  return { text: cleanText(item.str), box: clamp(box), size: size / height };
}

interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function isOnPage({ x, y, width, height }: Rectangle): boolean {
  return x < 1 && y < 1 && x + width >= 0 && y + height >= 0;
}

function clamp(box: Rectangle): Rectangle {
  const [x, y] = [Math.min(1, Math.max(0, box.x)), Math.min(1, Math.max(0, box.y))];
  const [right, bottom] = [Math.min(1, box.x + box.width), Math.min(1, box.y + box.height)];
  return { x, y, width: Math.max(0, right - x), height: Math.max(0, bottom - y) };
}

/** Ligatures become letters, compatibility forms of Chinese radicals their characters; control characters go. */
function cleanText(text: string): string {
  return text
    .replaceAll(/[\ufb00-\ufb06\u2e80-\u2fdf\uf900-\ufaff]/g, (char) => char.normalize("NFKC"))
    .replaceAll(/[\p{Cc}--[\t\n]]/gv, "");
}
