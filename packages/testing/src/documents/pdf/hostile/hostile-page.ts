import type { HostileFile } from "../../hostile-file.ts";
import { createPdfObjects, latin, type PdfFileOptions, type PdfObjects } from "../pdf-objects.ts";

/** Entries of dictionaries beside the usual ones; a later entry wins over the same one before. */
export interface PageEntries {
  readonly catalog?: string;
  readonly tree?: string;
  readonly page?: string;
  readonly resources?: string;
  /** Operators, or the whole stream object's number. */
  readonly content?: string | number;
}

export const catalogNumber = 1;
export const treeNumber = 2;
export const pageNumber = 3;
export const visibleText = "BT /F1 12 Tf 72 700 Td (The pump runs without a fault.) Tj ET";

/** A file of one page with a line of text, and with whatever is wrong. */
export function hostilePage(wrong: (objects: PdfObjects) => PageEntries, options: PdfFileOptions = {}): Buffer {
  const objects = createPdfObjects();
  for (const number of [catalogNumber, treeNumber, pageNumber])
    if (objects.reserve() !== number) throw new Error("The first objects of a file are its catalog, tree and page.");
  const font = objects.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
  const { catalog = "", tree = "", page = "", resources = "", content = visibleText } = wrong(objects);
  const contents = typeof content === "number" ? content : objects.stream(content, { isPacked: true });
  objects.put(catalogNumber, `<< /Type /Catalog /Pages ${treeNumber} 0 R ${catalog} >>`);
  objects.put(treeNumber, `<< /Type /Pages /Count 1 /Kids [${pageNumber} 0 R] ${tree} >>`);
  objects.put(
    pageNumber,
    `<< /Type /Page /Parent ${treeNumber} 0 R /MediaBox [0 0 595 842] /Contents ${contents} 0 R /Resources << /Font << /F1 ${font} 0 R >> ${resources} >> ${page} >>`,
  );
  return objects.toFile(options);
}

/** A file of objects written out, without a table of where they are. */
export function rawPdf(...objects: readonly string[]): Buffer {
  return latin(`%PDF-1.7\n${objects.join("\n")}\n`);
}

export const nestedArray = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`;
export const nestedDictionary = (depth: number): string => `${"<</A ".repeat(depth)}1${">>".repeat(depth)}`;

export const pdfFile = (name: string, ends: readonly string[], make: () => Uint8Array): HostileFile => ({
  ...{ name, ends, make, fileName: "file.pdf" },
});

/** Without text: its page is drawn and recognised. */
export const pdfScan = (name: string, ends: readonly string[], make: () => Uint8Array): HostileFile => ({
  ...pdfFile(name, ends, make),
  isScan: true,
});

export const slow = (file: HostileFile): HostileFile => ({ ...file, isSlow: true });
