import Papa from "papaparse";
import type { DocumentReader } from "../../document/document-schemas.ts";
import { cellName } from "../office/cell-name.ts";
import { splitHeader, tableBlock } from "./block-builder.ts";
import { decodeText } from "./decode-text.ts";
import { limit, textDocument } from "./read-plain-text.ts";

const mostColumns = 1_000;
const mostRows = 200_000;

/** Comma, semicolon or tab separated; the delimiter is guessed. A sheet without a name. */
export const readCsv: DocumentReader = async ({ bytes }, options) => {
  const decoded = decodeText(bytes);
  const { text, isCut } = limit(decoded.text, options);
  const { data } = Papa.parse<string[]>(text, {
    skipEmptyLines: false,
    preview: mostRows,
    delimiter: delimiterOf(text),
  });
  const rows = data.map((cells, index) => {
    const kept = cells.slice(0, mostColumns);
    const last = cellName(index + 1, Math.max(1, kept.length));
    return { cells: kept, place: { kind: "cells" as const, sheet: "", from: cellName(index + 1, 1), to: last } };
  });
  const filled = rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== ""));
  const { header, rows: body } = splitHeader(filled);
  const table = tableBlock(header, body);
  const isTooLarge = data.length >= mostRows || data.some((cells) => cells.length > mostColumns);
  return { ...textDocument("csv", table === null ? [] : [table], decoded, isCut || isTooLarge), title: null };
};

const delimiters = [",", ";", "\t", "|"];
const sampled = 20;

/** The one that cuts the first lines into as many cells each, and most of them. Empty: the library guesses. */
function delimiterOf(text: string): string {
  const lines = text.split("\n", sampled).filter((line) => line.trim() !== "");
  const scored = delimiters.map((delimiter) => {
    const counts = lines.map((line) => line.split(delimiter).length);
    const [first = 1] = counts;
    return { delimiter, cells: counts.every((count) => count === first) ? first : 1 };
  });
  const [best] = scored.sort((a, b) => b.cells - a.cells);
  return best !== undefined && best.cells > 1 ? best.delimiter : "";
}
