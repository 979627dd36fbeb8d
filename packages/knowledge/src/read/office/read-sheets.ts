import { read, type WorkBook } from "@e965/xlsx";
import { type Block, type DocumentFormat, type DocumentReader, ReadError } from "../../document/document-schemas.ts";
import { splitHeader, tableBlock } from "../text/block-builder.ts";
import { openZip } from "../zip/open-zip.ts";
import { repackZip } from "../zip/repack-zip.ts";
import { officeWarnings, titleOf } from "./office-parts.ts";
import { type SheetRow, sheetRows } from "./sheet-rows.ts";

const mostRows = 200_000;
const mostSheets = 500;
const mostTitles = 5;

/** Excel and OpenDocument sheets: values as they are shown, a row at a time with its headers. */
export function createSheetReader(format: Extract<DocumentFormat, "xlsx" | "ods">): DocumentReader {
  return async ({ bytes }, options) => {
    // The old binary format is no archive; the library reads it too.
    const zip = bytes[0] === 0x50 && bytes[1] === 0x4b ? openZip(bytes) : null;
    if (zip) refuseDocumentTypes(zip.names, (name) => zip.text(name));
    const book = open(zip ? repackZip(zip, isRead) : bytes);
    const blocks: Block[] = [];
    let left = options.maximumCharacters;
    let isCut = book.SheetNames.length > mostSheets;
    for (const name of book.SheetNames.slice(0, mostSheets)) {
      const sheet = book.Sheets[name];
      if (!sheet) continue;
      const read = sheetRows(name, sheet, left);
      const { titles, table } = splitTitles(read.rows);
      const { header, rows } = splitHeader(table);
      const block = tableBlock(header, rows);
      isCut ||= read.isCut || rows.length >= mostRows - 1;
      if (block === null && titles.length === 0) continue;
      left -= block?.text.length ?? 0;
      blocks.push(heading(name), ...titles.map(title), ...(block === null ? [] : [block]));
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

/** Pictures, macros and embedded files stay out. */
const isRead = (name: string) =>
  /\.(?:xml|rels)$|^mimetype$|^xl\/[^/]*\.bin$|^xl\/worksheets\/.*\.bin$/i.test(name) &&
  !/vbaProject\.bin$/i.test(name);

function refuseDocumentTypes(names: readonly string[], text: (name: string) => string): void {
  for (const name of names)
    if (/\.(?:xml|rels)$/.test(name) && /<!(?:DOCTYPE|ENTITY)/i.test(text(name).slice(0, 4096)))
      throw new ReadError("bomb", "an XML part with a document type");
}

function heading(sheet: string): Block {
  const place = { kind: "cells" as const, sheet, from: "A1", to: "A1" };
  return { kind: "heading", level: 2, text: sheet, spans: [{ start: 0, end: sheet.length, place }] };
}

/** Titles over a table stand alone in their rows; they are no header. */
function splitTitles(rows: readonly SheetRow[]): { titles: SheetRow[]; table: readonly SheetRow[] } {
  const filled = ({ cells }: SheetRow) => cells.filter((cell) => cell !== "").length;
  const first = rows.findIndex((row) => filled(row) > 1);
  return first <= 0 || first > mostTitles
    ? { titles: [], table: rows }
    : { titles: rows.slice(0, first), table: rows.slice(first) };
}

function title({ cells, place }: SheetRow): Block {
  const text = cells.find((cell) => cell !== "") ?? "";
  return { kind: "paragraph", text, spans: [{ start: 0, end: text.length, place }] };
}
