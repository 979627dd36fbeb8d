import type { PDFDocumentProxy, PDFPageProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import {
  type Block,
  type DocumentReader,
  type Page,
  ReadError,
  type ReadOptions,
  type ReadWarning,
} from "../../document/document-schemas.ts";
import { recognisePage } from "../ocr/recognise-page.ts";
import { openPdf } from "./open-pdf.ts";
import { pageBlocks, usualSize } from "./page-blocks.ts";
import { pageItems } from "./page-items.ts";
import { type PdfLine, pageLines } from "./page-lines.ts";
import { withoutRunningLines } from "./running-lines.ts";
import { type Turn, turnBack } from "./text-turn.ts";

interface ReadPage {
  readonly page: Page;
  /** On the page as it is turned for reading. */
  readonly lines: readonly PdfLine[];
  readonly turn: Turn;
  readonly isUncertain: boolean;
  /** It holds more than was taken. */
  readonly isCut: boolean;
  /** Without text because it cannot be read, not because there is none. */
  readonly isBroken: boolean;
}

/** Fewer characters than this and the page is a picture with a stamp on it. */
const leastText = 12;
/** Below this share of certainty the text of a picture is told to be hard to read. */
const certainFrom = 0.6;

/** Text with its boxes; pages that are pictures are recognised where languages are given. */
export const readPdf: DocumentReader = async ({ bytes }, options) => {
  const pdf = await openPdf(bytes, options);
  try {
    if (pdf.numPages > options.maximumPages) throw new ReadError("too-many-pages", `${pdf.numPages} pages`);
    const read = await readPages(pdf, options);
    const withoutText = read.filter(({ page }) => page.source === "empty").length;
    if (withoutText === read.length) throw new ReadError(reasonOfNothing(read, options), "no text on any page");
    const blocks = blocksOf(read);
    const uncertain = read.filter(({ isUncertain }) => isUncertain).length;
    const isPartial = read.length < pdf.numPages || read.some(({ isCut }) => isCut);
    return {
      ...{ format: "pdf", encoding: null, blocks },
      title: await titleOf(pdf, blocks),
      pages: read.map(({ page }) => page),
      warnings: await warningsOf(pdf, withoutText, uncertain, isPartial),
    };
  } finally {
    await pdf.loadingTask.destroy();
  }
};

function reasonOfNothing(read: readonly ReadPage[], { ocrLanguages }: ReadOptions) {
  if (read.length === 0) return "empty";
  if (read.every(({ isBroken }) => isBroken)) return "damaged";
  return ocrLanguages.length === 0 ? "scanned-without-ocr" : "empty";
}

async function readPages(pdf: PDFDocumentProxy, options: ReadOptions): Promise<ReadPage[]> {
  const read: ReadPage[] = [];
  let left = options.maximumCharacters;
  for (let number = 1; number <= pdf.numPages && left > 0; number++) {
    options.onProgress?.(number - 1, pdf.numPages);
    const one = await readPage(pdf, number, { ...options, maximumCharacters: left });
    left -= one.lines.reduce((sum, line) => sum + line.text.length, 0);
    read.push(one);
  }
  return read;
}

/** A page that cannot be read leaves the others alone. */
async function readPage(pdf: PDFDocumentProxy, number: number, options: ReadOptions): Promise<ReadPage> {
  const page = await pdf.getPage(number).catch(() => null);
  const { width, height } = page?.getViewport({ scale: 1 }) ?? { width: 0, height: 0 };
  if (page === null || !(width > 0 && height > 0 && Number.isFinite(width * height)))
    return {
      page: { width: 595, height: 842, source: "empty" },
      ...{ lines: [], turn: 0, isUncertain: false, isCut: false, isBroken: true },
    };
  try {
    return await readOpenPage(page, { width, height }, options);
  } finally {
    page.cleanup();
  }
}

async function readOpenPage(
  page: PDFPageProxy,
  size: { readonly width: number; readonly height: number },
  options: ReadOptions,
): Promise<ReadPage> {
  const { items, turn, isCut, isBroken } = await pageItems(page, options.maximumCharacters);
  const lines = pageLines(items);
  const characters = lines.reduce((sum, { text }) => sum + text.length, 0);
  const asText = { lines, turn, isUncertain: false, isCut };
  if (characters >= leastText) return { page: { ...size, source: "text" }, ...asText, isBroken: false };
  const found = options.ocrLanguages.length === 0 ? null : await recognisePage(page, options);
  if (found === null || found.lines.length === 0)
    return { page: { ...size, source: characters > 0 ? "text" : "empty" }, ...asText, isBroken };
  return {
    page: { ...size, source: characters > 0 ? "mixed" : "ocr" },
    // Pictures are recognised as they are shown; a stamp along the side of one is in the picture too.
    lines: [...(turn === 0 ? lines : []), ...found.lines],
    ...{ turn: 0, isUncertain: found.confidence < certainFrom, isCut, isBroken: false },
  };
}

/** Sizes are fractions of a page's height, and pages differ in height. */
const commonHeight = 842;

function blocksOf(read: readonly ReadPage[]): Block[] {
  const lines = withoutRunningLines(read.map((one) => one.lines));
  const heights = read.map(({ page, turn }) => (turn % 2 === 0 ? page.height : page.width) / commonHeight);
  const usual = usualSize(
    lines.flatMap((own, index) => own.map(({ text, size }) => ({ text, size: size * (heights[index] ?? 1) }))),
  );
  return read.flatMap(({ turn }, index) => {
    const blocks = pageBlocks(lines[index] ?? [], index + 1, usual / (heights[index] ?? 1));
    return turn === 0 ? blocks : blocks.map((block) => turnBlock(block, turn));
  });
}

function turnBlock(block: Block, turn: Turn): Block {
  const spans = block.spans.map((span) =>
    span.place.kind === "page"
      ? { ...span, place: { ...span.place, boxes: span.place.boxes.map((box) => turnBack(box, turn)) } }
      : span,
  );
  return { ...block, spans };
}

async function titleOf(pdf: PDFDocumentProxy, blocks: readonly Block[]): Promise<string | null> {
  const { info } = await pdf.getMetadata().catch(() => ({ info: {} }));
  const title = (info as { Title?: unknown }).Title;
  // Programs put the name of their own file there.
  if (typeof title === "string" && title.trim().length > 2 && !/\.(?:docx?|pdf|indd|pptx?|xlsx?)$/i.test(title.trim()))
    return title.trim().slice(0, 300);
  const heading = blocks.slice(0, 5).find(({ kind }) => kind === "heading");
  return heading?.text ?? null;
}

async function warningsOf(
  pdf: PDFDocumentProxy,
  withoutText: number,
  uncertain: number,
  isPartial: boolean,
): Promise<ReadWarning[]> {
  const attached = Object.keys((await pdf.getAttachments().catch(() => null)) ?? {}).length;
  return [
    ...(isPartial ? [{ code: "partial" as const, count: 1 }] : []),
    ...(withoutText > 0 ? [{ code: "pages-without-text" as const, count: withoutText }] : []),
    ...(uncertain > 0 ? [{ code: "ocr-uncertain" as const, count: uncertain }] : []),
    ...(attached > 0 ? [{ code: "embedded-files-ignored" as const, count: attached }] : []),
  ];
}
