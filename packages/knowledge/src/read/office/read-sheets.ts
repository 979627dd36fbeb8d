import { read, utils, type WorkBook, type WorkSheet } from "@e965/xlsx";
import { type Block, type DocumentFormat, type DocumentReader, ReadError } from "../../document/document-schemas.ts";
import { splitHeader, tableBlock } from "../text/block-builder.ts";
import { openZip } from "../zip/open-zip.ts";
import { cellName } from "./cell-name.ts";
import { officeWarnings, titleOf } from "./office-parts.ts";

const mostRows = 200_000;
const mostColumns = 500;
const mostSheets = 500;

/** Excel and OpenDocument sheets: values as they are shown, a row at a time with its headers. */
export function createSheetReader(format: Extract<DocumentFormat, "xlsx" | "ods">): DocumentReader {
  return async ({ bytes }, options) => {
    // The old binary format is no archive; the library reads it too.
    const zip = bytes[0] === 0x50 && bytes[1] === 0x4b ? openZip(bytes) : null;
    if (zip) refuseDocumentTypes(zip.names, (name) => zip.text(name));
    const book = open(bytes);
    const blocks: Block[] = [];
    let left = options.maximumCharacters;
    let isCut = book.SheetNames.length > mostSheets;
    for (const name of book.SheetNames.slice(0, mostSheets)) {
      const sheet = book.Sheets[name];
      if (!sheet) continue;
      const { block, isTooLarge } = readSheet(name, sheet);
      isCut ||= isTooLarge || left <= 0;
      if (block === null || left <= 0) continue;
      left -= block.text.length;
      blocks.push(heading(name), block);
    }
    const warnings = [...(isCut ? [{ code: "partial" as const, count: 1 }] : []), ...(zip ? officeWarnings(zip) : [])];
    return { format, title: zip && titleOf(zip), pages: [], encoding: null, blocks, warnings };
  };
}

function open(bytes: Uint8Array): WorkBook {
  try {
    return read(bytes, {
      type: "array",
      cellDates: true,
      cellHTML: false,
      cellFormula: false,
      sheetRows: mostRows,
      dense: false,
    });
  } catch (cause) {
    const { message } = cause as Error;
    throw new ReadError(/password|encrypt/i.test(message) ? "password" : "damaged", message, { cause });
  }
}

function refuseDocumentTypes(names: readonly string[], text: (name: string) => string): void {
  for (const name of names)
    if (/\.(?:xml|rels)$/.test(name) && /<!(?:DOCTYPE|ENTITY)/i.test(text(name).slice(0, 4096)))
      throw new ReadError("bomb", "an XML part with a document type");
}

function heading(sheet: string): Block {
  const place = { kind: "cells" as const, sheet, from: "A1", to: "A1" };
  return { kind: "heading", level: 2, text: sheet, spans: [{ start: 0, end: sheet.length, place }] };
}

function readSheet(name: string, sheet: WorkSheet): { block: Block | null; isTooLarge: boolean } {
  const range = sheet["!ref"] === undefined ? null : utils.decode_range(sheet["!ref"]);
  if (range === null) return { block: null, isTooLarge: false };
  const columns = Math.min(range.e.c, range.s.c + mostColumns - 1);
  const lines = utils.sheet_to_json<string[]>(sheet, {
    ...{ header: 1, raw: false, defval: "", blankrows: false, dateNF: "yyyy-mm-dd" },
    range: { s: range.s, e: { r: range.e.r, c: columns } },
  });
  const rowNumbers = filledRows(sheet, range.s.r, range.e.r, range.s.c, columns);
  const rows = lines.map((cells, index) => {
    const row = (rowNumbers[index] ?? range.s.r + index) + 1;
    const place = {
      kind: "cells" as const,
      sheet: name,
      from: cellName(row, range.s.c + 1),
      to: cellName(row, columns + 1),
    };
    return { cells: cells.map((cell) => String(cell ?? "").trim()), place };
  });
  const { header, rows: body } = splitHeader(rows);
  return { block: tableBlock(header, body), isTooLarge: columns < range.e.c || lines.length >= mostRows };
}

/** Numbers of the rows that hold something: the library leaves the others out without saying which. */
function filledRows(sheet: WorkSheet, first: number, last: number, from: number, to: number): number[] {
  const filled = new Set<number>();
  for (const address of Object.keys(sheet)) {
    if (address.startsWith("!")) continue;
    const { r, c } = utils.decode_cell(address);
    if (r >= first && r <= last && c >= from && c <= to) filled.add(r);
  }
  return [...filled].sort((a, b) => a - b);
}
