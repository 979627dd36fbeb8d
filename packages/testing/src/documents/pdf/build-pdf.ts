import { deflateSync } from "node:zlib";
import { addFonts, escapeString, type PdfFonts } from "./pdf-fonts.ts";
import { createPdfObjects, type PdfObjects } from "./pdf-objects.ts";
import { createRc4Security } from "./pdf-security.ts";

/** A text on a page; x and y are its base line's start in points from the page's lower left corner. */
export interface PdfRun {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  /** Degrees, against the clock. */
  readonly angle?: number;
}

/** Grey pixels, a byte each, drawn into a rectangle of the page. */
export interface PdfImage {
  readonly pixels: Uint8Array;
  readonly pixelWidth: number;
  readonly pixelHeight: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PdfPage {
  readonly width?: number;
  readonly height?: number;
  /** How the page is turned when it is shown: degrees, with the clock. */
  readonly rotate?: 0 | 90 | 180 | 270;
  /** Lower left corner of the page's coordinates. */
  readonly origin?: readonly [number, number];
  /** Points in a unit of the page's coordinates. */
  readonly unit?: number;
  readonly runs?: readonly PdfRun[];
  readonly images?: readonly PdfImage[];
}

export interface PdfParts {
  readonly pages: readonly PdfPage[];
  readonly title?: string;
  /** Encrypts the file; without it no reader can open it. */
  readonly password?: string;
}

/** A4, in points. */
export const pageWidth = 595;
export const pageHeight = 842;

/** A well-formed file: text in Helvetica or, for other characters, in a composite font; streams are packed. */
export function buildPdf({ pages, title, password }: PdfParts): Buffer {
  const security = password === undefined ? null : createRc4Security(password);
  const objects = createPdfObjects(security?.encrypt);
  const [catalog, tree] = [objects.reserve(), objects.reserve()];
  const fonts = addFonts(
    objects,
    pages.flatMap(({ runs = [] }) => runs.map(({ text }) => text)),
  );
  const kids = pages.map((page) => addPage(objects, page, { tree, fonts }));
  objects.put(catalog, `<< /Type /Catalog /Pages ${tree} 0 R >>`);
  objects.put(tree, `<< /Type /Pages /Count ${kids.length} /Kids [${kids.map((kid) => `${kid} 0 R`).join(" ")}] >>`);
  const info = title === undefined ? "" : `/Info ${objects.add(`<< /Title (${escapeString(title)}) >>`)} 0 R`;
  return objects.toFile({ trailer: `${info} ${security?.trailer(objects) ?? ""}` });
}

function addPage(objects: PdfObjects, page: PdfPage, { tree, fonts }: { tree: number; fonts: PdfFonts }): number {
  const {
    width = pageWidth,
    height = pageHeight,
    rotate = 0,
    origin = [0, 0],
    unit = 1,
    runs = [],
    images = [],
  } = page;
  const names = images.map((image, index) => `/I${index} ${addImage(objects, image)} 0 R`);
  const operators = [
    ...images.map(({ x, y, ...image }, index) => `q ${image.width} 0 0 ${image.height} ${x} ${y} cm /I${index} Do Q`),
    ...runs.map((run) => showRun(run, fonts)),
  ];
  const content = objects.stream(operators.join("\n"), { isPacked: true });
  const [left, bottom] = origin;
  return objects.add(
    `<< /Type /Page /Parent ${tree} 0 R /MediaBox [${left} ${bottom} ${left + width} ${bottom + height}] /Rotate ${rotate} /UserUnit ${unit} /Resources << ${fonts.resources} /XObject << ${names.join(" ")} >> >> /Contents ${content} 0 R >>`,
  );
}

function showRun({ text, x, y, size, angle = 0 }: PdfRun, fonts: PdfFonts): string {
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)].map((part) =>
    part.toFixed(5),
  );
  return `BT ${cos} ${sin} ${-Number(sin)} ${cos} ${x} ${y} Tm ${fonts.show(text, size)} ET`;
}

function addImage(objects: PdfObjects, { pixels, pixelWidth, pixelHeight }: PdfImage): number {
  return objects.stream(deflateSync(pixels), {
    dictionary: `/Type /XObject /Subtype /Image /Width ${pixelWidth} /Height ${pixelHeight} /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode`,
  });
}
