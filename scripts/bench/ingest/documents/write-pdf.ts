import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import type { Language } from "../../retrieval/xquad.ts";

const [pageWidth, pageHeight] = [595, 842];
const margin = 56;
const [fontSize, lineHeight] = [11, 15];
/** Lines of a full page, under its heading and above its number. */
export const linesOnPage = 46;
/** Characters of a full line. */
export const lineLength = { en: 88, zh: 42 };

export interface PdfContent {
  readonly language: Language;
  /** Repeated at the head of every page. */
  readonly title: string;
  readonly pages: readonly (readonly string[])[];
}

/**
 * A PDF like those of word processors: packed streams, English in an embedded TrueType font with a kern between words,
 * Chinese by glyph numbers with a table of what they mean.
 */
export function writePdf({ language, title, pages }: PdfContent, fontFolder: string): Buffer {
  const first = 3 + fontObjects;
  const kids = pages.map((_, index) => `${first + 2 * index} 0 R`).join(" ");
  const objects = [
    Buffer.from("<< /Type /Catalog /Pages 2 0 R >>"),
    Buffer.from(`<< /Type /Pages /Count ${pages.length} /Kids [${kids}] >>`),
    ...(language === "en" ? latinFont(fontFolder) : chineseFont()),
    ...pages.flatMap((lines, index) => [
      Buffer.from(
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${pageWidth} ${pageHeight}] /Resources << /Font << /F1 3 0 R >> >> /Contents ${first + 2 * index + 1} 0 R >>`,
      ),
      packedStream(Buffer.from(showPage(language, [title, "", ...lines, "", String(index + 1)]))),
    ]),
  ];
  return writeObjects(objects);
}

/** A PDF whose pages are pictures: gray JPEGs at this resolution. */
export function writePicturePdf(
  pictures: readonly { readonly jpeg: Buffer; readonly width: number; readonly height: number }[],
): Buffer {
  const kids = pictures.map((_, index) => `${3 + 3 * index} 0 R`).join(" ");
  return writeObjects([
    Buffer.from("<< /Type /Catalog /Pages 2 0 R >>"),
    Buffer.from(`<< /Type /Pages /Count ${pictures.length} /Kids [${kids}] >>`),
    ...pictures.flatMap(({ jpeg, width, height }, index) => [
      Buffer.from(
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${pageWidth} ${pageHeight}] /Resources << /XObject << /P ${5 + 3 * index} 0 R >> >> /Contents ${4 + 3 * index} 0 R >>`,
      ),
      packedStream(Buffer.from(`${pageWidth} 0 0 ${pageHeight} 0 0 cm /P Do`)),
      stream(
        `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode`,
        jpeg,
      ),
    ]),
  ]);
}

function showPage(language: Language, lines: readonly string[]): string {
  const shown = lines.map((line) => `${language === "en" ? showLatin(line) : showChinese(line)} T*`);
  return `BT /F1 ${fontSize} Tf ${lineHeight} TL ${margin} ${pageHeight - margin} Td\n${shown.join("\n")}\nET`;
}

function showLatin(line: string): string {
  return `[${line
    .split(/(?<= )/)
    .map((part) => `(${part.replaceAll(/[\\()]/g, (char) => `\\${char}`)})`)
    .join(" -12 ")}] TJ`;
}

function showChinese(line: string): string {
  const codes = [...line].map((char) => (char.codePointAt(0) ?? 0).toString(16).padStart(4, "0"));
  return `<${codes.join("")}> Tj`;
}

/** Objects of either font; its dictionary is the first. */
const fontObjects = 3;

/** Of the characters from 32 to 126, in thousandths of the size: Helvetica's, which Liberation Sans keeps. */
const latinWidths = [
  "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584",
  "584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667",
  "611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500",
  "722 500 500 500 334 260 334 584",
].join(" ");

function latinFont(folder: string): Buffer[] {
  const program = readFileSync(join(folder, "LiberationSans-Regular.ttf"));
  return [
    Buffer.from(
      `<< /Type /Font /Subtype /TrueType /BaseFont /LiberationSans /Encoding /WinAnsiEncoding /FirstChar 32 /LastChar 126 /Widths [${latinWidths}] /FontDescriptor 4 0 R >>`,
    ),
    descriptor("LiberationSans", "/FontFile2 5 0 R"),
    packedStream(program, `/Length1 ${program.length}`),
  ];
}

/** By the character map of every reader of Chinese; no font is embedded, since none may be handed on with this. */
function chineseFont(): Buffer[] {
  const descendant =
    "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /DW 1000 /W [1 95 500] /FontDescriptor 4 0 R >>";
  return [
    Buffer.from(
      "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H /DescendantFonts [5 0 R] >>",
    ),
    descriptor("STSong-Light", ""),
    Buffer.from(descendant),
  ];
}

function descriptor(name: string, file: string): Buffer {
  return Buffer.from(
    `<< /Type /FontDescriptor /FontName /${name} /Flags 32 /FontBBox [-200 -250 1100 950] /ItalicAngle 0 /Ascent 900 /Descent -210 /CapHeight 720 /StemV 80 ${file} >>`,
  );
}

function packedStream(content: Buffer, fields = ""): Buffer {
  return stream(`${fields} /Filter /FlateDecode`, deflateSync(content));
}

function stream(fields: string, content: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(`<< /Length ${content.length} ${fields} >>\nstream\n`),
    content,
    Buffer.from("\nendstream"),
  ]);
}

function writeObjects(objects: readonly Buffer[]): Buffer {
  const parts = [Buffer.from("%PDF-1.7\n")];
  let at = parts[0]?.length ?? 0;
  const rows = objects.map((object, index) => {
    const written = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), object, Buffer.from("\nendobj\n")]);
    const row = `${String(at).padStart(10, "0")} 00000 n \n`;
    parts.push(written);
    at += written.length;
    return row;
  });
  const size = objects.length + 1;
  parts.push(
    Buffer.from(
      `xref\n0 ${size}\n0000000000 65535 f \n${rows.join("")}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${at}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}
