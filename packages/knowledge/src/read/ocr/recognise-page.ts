import { createCanvas } from "@napi-rs/canvas";
import type { PageViewport, PDFPageProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import type { ReadOptions } from "../../document/document-schemas.ts";
import type { PdfLine } from "../pdf/page-lines.ts";
import { sharedRecognizer } from "./shared-recognizer.ts";
import type { RecognisedLine } from "./text-recognizer.ts";

/** Dots per inch that the recogniser was made for, and the most pixels of a page. */
const dpi = 200;
const mostPixels = 25_000_000;
/** The longest side a picture can be drawn with. */
const mostSide = 30_000;

export interface RecognisedPage {
  readonly lines: readonly PdfLine[];
  /** Mean over the lines, 0 to 1. */
  readonly confidence: number;
}

/** Draws a page of a PDF and reads its text from the picture. Null: it cannot be drawn. */
export async function recognisePage(page: PDFPageProxy, options: ReadOptions): Promise<RecognisedPage | null> {
  const { width, height } = page.getViewport({ scale: 1 });
  const scale = Math.min(dpi / 72, Math.sqrt(mostPixels / (width * height)), mostSide / Math.max(width, height));
  const viewport = page.getViewport({ scale });
  const size = { width: Math.ceil(viewport.width), height: Math.ceil(viewport.height) };
  const image = await drawPage(page, viewport, size);
  return image === null ? null : recogniseImage(image, size, options);
}

async function drawPage(
  page: PDFPageProxy,
  viewport: PageViewport,
  { width, height }: { width: number; height: number },
): Promise<Uint8Array | null> {
  try {
    const canvas = createCanvas(width, height);
    await page.render({ canvas: canvas as never, viewport, background: "white" }).promise;
    return canvas.toBuffer("image/png");
  } catch {
    // One page of many: the others may be readable.
    return null;
  }
}

export async function recogniseImage(
  image: Uint8Array,
  size: { width: number; height: number },
  options: ReadOptions,
): Promise<RecognisedPage> {
  const recognizer = await sharedRecognizer(options);
  const lines = await recognizer.recognise(image, size);
  const confidence = lines.reduce((sum, line) => sum + line.confidence, 0) / Math.max(1, lines.length);
  return { lines: lines.map(toLine), confidence };
}

function toLine({ text, box }: RecognisedLine): PdfLine {
  return { text, box, size: box.height * 0.75, cells: [{ text, x: box.x }] };
}
