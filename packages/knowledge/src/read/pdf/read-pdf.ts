import { join } from "node:path";
import {
  getDocument,
  PasswordResponses,
  type PDFDocumentProxy,
  type PDFPageProxy,
} from "pdfjs-dist/legacy/build/pdf.mjs";
import {
  type Block,
  type DocumentReader,
  type Page,
  ReadError,
  type ReadOptions,
  type ReadWarning,
} from "../../document/document-schemas.ts";
import { recognisePage } from "../ocr/recognise-page.ts";
import { pageBlocks, usualSize } from "./page-blocks.ts";
import { type PdfItem, type PdfLine, pageLines } from "./page-lines.ts";
import { withoutRunningLines } from "./running-lines.ts";

interface ReadPage {
  readonly page: Page;
  readonly lines: readonly PdfLine[];
  readonly isUncertain: boolean;
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
    if (withoutText === read.length) {
      const failure = options.ocrLanguages.length === 0 ? "scanned-without-ocr" : "empty";
      throw new ReadError(failure, "no text on any page");
    }
    const lines = withoutRunningLines(read.map((one) => one.lines));
    const usual = usualSize(lines.flat());
    const blocks = lines.flatMap((own, index) => pageBlocks(own, index + 1, usual));
    const uncertain = read.filter(({ isUncertain }) => isUncertain).length;
    return {
      ...{ format: "pdf", encoding: null, blocks },
      title: await titleOf(pdf, blocks),
      pages: read.map(({ page }) => page),
      warnings: await warningsOf(pdf, withoutText, uncertain, read.length < pdf.numPages),
    };
  } finally {
    await pdf.loadingTask.destroy();
  }
};

async function openPdf(bytes: Uint8Array, { resources, password }: ReadOptions): Promise<PDFDocumentProxy> {
  const urls =
    resources === null
      ? {}
      : {
          cMapUrl: `${join(resources, "cmaps")}/`,
          cMapPacked: true,
          standardFontDataUrl: `${join(resources, "standard_fonts")}/`,
          wasmUrl: `${join(resources, "wasm")}/`,
        };
  const task = getDocument({
    // pdf.js takes the buffer away.
    data: bytes.slice(),
    ...urls,
    ...(password === null ? {} : { password }),
    ...{ enableXfa: false, useSystemFonts: false, disableFontFace: true, verbosity: 0, stopAtErrors: false },
  });
  try {
    return await task.promise;
  } catch (cause) {
    const error = cause as { name?: string; code?: number; message?: string };
    if (error.name === "PasswordException")
      throw new ReadError(
        "password",
        error.code === PasswordResponses.INCORRECT_PASSWORD ? "wrong password" : "encrypted",
      );
    throw new ReadError("damaged", String(error.message), { cause });
  }
}

async function readPages(pdf: PDFDocumentProxy, options: ReadOptions): Promise<ReadPage[]> {
  const read: ReadPage[] = [];
  let left = options.maximumCharacters;
  for (let number = 1; number <= pdf.numPages && left > 0; number++) {
    options.onProgress?.(number - 1, pdf.numPages);
    const one = await readPage(pdf, number, options);
    left -= one.lines.reduce((sum, line) => sum + line.text.length, 0);
    read.push(one);
  }
  return read;
}

/** A page that cannot be read leaves the others alone. */
async function readPage(pdf: PDFDocumentProxy, number: number, options: ReadOptions): Promise<ReadPage> {
  const empty = { page: { width: 595, height: 842, source: "empty" as const }, lines: [], isUncertain: false };
  let page: PDFPageProxy;
  try {
    page = await pdf.getPage(number);
  } catch {
    return empty;
  }
  const viewport = page.getViewport({ scale: 1 });
  const { width, height } = viewport;
  if (!(width > 0 && height > 0)) return empty;
  const content = await page.getTextContent({ includeMarkedContent: false }).catch(() => null);
  const items = (content?.items ?? []).flatMap((item): PdfItem[] => {
    if (!("str" in item) || item.str === "") return [];
    return [toItem(item, viewport.transform, width, height)];
  });
  const lines = pageLines(items);
  const characters = lines.reduce((sum, { text }) => sum + text.length, 0);
  if (characters >= leastText) {
    page.cleanup();
    return { page: { width, height, source: "text" }, lines, isUncertain: false };
  }
  const found = options.ocrLanguages.length === 0 ? null : await recognisePage(page, options);
  page.cleanup();
  if (found === null || found.lines.length === 0)
    return { page: { width, height, source: characters > 0 ? "text" : "empty" }, lines, isUncertain: false };
  const source = characters > 0 ? ("mixed" as const) : ("ocr" as const);
  return {
    page: { width, height, source },
    lines: [...lines, ...found.lines],
    isUncertain: found.confidence < certainFrom,
  };
}

interface TextItem {
  readonly str: string;
  readonly transform: readonly number[];
  readonly width: number;
  readonly height: number;
}

/** From the text's own coordinates to fractions of the page as it is shown. */
function toItem(item: TextItem, view: readonly number[], width: number, height: number): PdfItem {
  const [a, b, c, d, e, f] = multiply(view, item.transform);
  const size = Math.hypot(c, d);
  const angle = Math.atan2(b, a);
  const isRotated = Math.abs(angle) > 0.15;
  // The transform places the base line; letters reach a little below it and most of their size above.
  const box = { x: e / width, y: (f - size * 0.85) / height, width: item.width / width, height: size / height };
  return { text: cleanText(item.str), box: clamp(box), size: size / height, isRotated };
}

function multiply(m: readonly number[], t: readonly number[]): [number, number, number, number, number, number] {
  const [m0 = 1, m1 = 0, m2 = 0, m3 = 1, m4 = 0, m5 = 0] = m;
  const [t0 = 1, t1 = 0, t2 = 0, t3 = 1, t4 = 0, t5 = 0] = t;
  return [
    ...[m0 * t0 + m2 * t1, m1 * t0 + m3 * t1, m0 * t2 + m2 * t3, m1 * t2 + m3 * t3],
    ...[m0 * t4 + m2 * t5 + m4, m1 * t4 + m3 * t5 + m5],
  ] as [number, number, number, number, number, number];
}

function clamp(box: { x: number; y: number; width: number; height: number }) {
  const x = Math.min(1, Math.max(0, box.x));
  const y = Math.min(1, Math.max(0, box.y));
  return { x, y, width: Math.min(1 - x, Math.max(0, box.width)), height: Math.min(1 - y, Math.max(0, box.height)) };
}

/** Ligatures become letters, compatibility forms of Chinese radicals their characters; control characters go. */
function cleanText(text: string): string {
  return text
    .replaceAll(/[\ufb00-\ufb06\u2e80-\u2fdf\uf900-\ufaff]/g, (char) => char.normalize("NFKC"))
    .replaceAll(/[\p{Cc}--[\t\n]]/gv, "");
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
