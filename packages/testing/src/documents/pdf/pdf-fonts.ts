import type { PdfObjects } from "./pdf-objects.ts";

/** Widths of Helvetica's printable ASCII characters, in thousandths of the size, from its published metrics. */
const helveticaWidths = [
  ...[278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278],
  ...[556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556],
  ...[1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778],
  ...[667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556],
  ...[333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556],
  ...[556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584],
];

const isLatin = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

/** Of a line as `buildPdf` writes it: Helvetica, or squares for text that holds other characters. Points. */
export function pdfTextWidth(text: string, size: number): number {
  if (!isLatin(text)) return [...text].length * size;
  const thousandths = [...text].reduce((sum, char) => sum + (helveticaWidths[char.charCodeAt(0) - 32] ?? 0), 0);
  return (thousandths / 1000) * size;
}

export interface PdfFonts {
  /** Entries for a page's resources. */
  readonly resources: string;
  /** Operators that choose the font and show a text. */
  show(text: string, size: number): string;
}

/**
 * Helvetica, and for texts with other characters a composite font whose codes say nothing: only its `ToUnicode` map
 * tells the characters, as in files that embed a part of a font.
 */
export function addFonts(objects: PdfObjects, texts: readonly string[]): PdfFonts {
  const helvetica = objects.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
  const characters = [...new Set(texts.filter((text) => !isLatin(text)).flatMap((text) => [...text]))];
  const codes = new Map(characters.map((char, index) => [char, hex(0x100 + index)]));
  const composite = characters.length === 0 ? "" : ` /F2 ${addComposite(objects, codes)} 0 R`;
  return {
    resources: `/Font << /F1 ${helvetica} 0 R${composite} >>`,
    show(text, size) {
      if (isLatin(text)) return `/F1 ${size} Tf (${escapeString(text)}) Tj`;
      return `/F2 ${size} Tf <${[...text].map((char) => codes.get(char)).join("")}> Tj`;
    },
  };
}

export function escapeString(text: string): string {
  return text.replaceAll(/[\\()]/g, (char) => `\\${char}`);
}

function hex(value: number): string {
  return value.toString(16).padStart(4, "0");
}

function addComposite(objects: PdfObjects, codes: ReadonlyMap<string, string>): number {
  const descriptor = objects.add(
    "<< /Type /FontDescriptor /FontName /Squares /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 800 /StemV 80 >>",
  );
  const descendant = objects.add(
    `<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Squares /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor ${descriptor} 0 R /DW 1000 >>`,
  );
  const toUnicode = objects.stream(toUnicodeMap(codes), { isPacked: true });
  return objects.add(
    `<< /Type /Font /Subtype /Type0 /BaseFont /Squares /Encoding /Identity-H /DescendantFonts [${descendant} 0 R] /ToUnicode ${toUnicode} 0 R >>`,
  );
}

function toUnicodeMap(codes: ReadonlyMap<string, string>): string {
  const rows = [...codes].map(([char, code]) => `<${code}> <${Buffer.from(char, "utf16le").swap16().toString("hex")}>`);
  // A section holds a hundred rows at most.
  const sections = Array.from({ length: Math.ceil(rows.length / 100) }, (_, index) => {
    const own = rows.slice(index * 100, index * 100 + 100);
    return `${own.length} beginbfchar\n${own.join("\n")}\nendbfchar\n`;
  });
  return `/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /ToSquares def /CMapType 2 def
1 begincodespacerange <0000> <ffff> endcodespacerange
${sections.join("")}endcmap end end`;
}
