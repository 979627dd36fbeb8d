import { utils, type WorkSheet } from "@e965/xlsx";
import type { Place } from "../../document/document-schemas.ts";
import { cellName } from "./cell-name.ts";

export interface SheetRow {
  readonly cells: readonly string[];
  readonly place: Place;
}

interface SheetRows {
  readonly rows: SheetRow[];
  /** There was more. */
  readonly isCut: boolean;
}

const mostColumns = 500;
/** The longest text a cell can hold in Excel; files made by other means hold longer ones. */
const longestCell = 32_767;
/** Cells filled for merges; more of them is a sheet made to be large. */
const mostFilled = 100_000;

/**
 * Rows of a sheet that hold something, as they are shown, until their text comes to `maximumCharacters`: one text may
 * stand in any number of cells at no cost in the file.
 */
export function sheetRows(name: string, sheet: WorkSheet, maximumCharacters: number): SheetRows {
  const range = sheet["!ref"] === undefined ? null : utils.decode_range(sheet["!ref"]);
  if (range === null) return { rows: [], isCut: false };
  const columns = Math.min(range.e.c, range.s.c + mostColumns - 1);
  fillMerges(sheet);
  const lines = utils.sheet_to_json<string[]>(sheet, {
    ...{ header: 1, raw: false, defval: "", blankrows: false, dateNF: "yyyy-mm-dd" },
    range: { s: range.s, e: { r: range.e.r, c: columns } },
  });
  const numbers = filledRows(sheet, { ...range, e: { r: range.e.r, c: columns } });
  const rows: SheetRow[] = [];
  let left = maximumCharacters;
  for (const [index, line] of lines.entries()) {
    const row = (numbers[index] ?? range.s.r + index) + 1;
    const cells = line.map((cell) =>
      String(cell ?? "")
        .slice(0, longestCell)
        .trim(),
    );
    for (const cell of cells) left -= cell.length;
    if (left < 0) return { rows, isCut: true };
    const [from, to] = [cellName(row, range.s.c + 1), cellName(row, columns + 1)];
    rows.push({ cells, place: { kind: "cells", sheet: name, from, to } });
  }
  return { rows, isCut: columns < range.e.c };
}

/** A cell over several rows says its value for each of them. */
function fillMerges(sheet: WorkSheet): void {
  let left = mostFilled;
  for (const { s, e } of sheet["!merges"] ?? []) {
    const value: unknown = sheet[utils.encode_cell(s)];
    if (value === undefined || e.r - s.r > left) continue;
    left -= e.r - s.r;
    for (let r = s.r + 1; r <= e.r; r++) sheet[utils.encode_cell({ r, c: s.c })] = value;
  }
}

/** Numbers of the rows that hold something: the library leaves the others out without saying which. */
function filledRows(
  sheet: WorkSheet,
  { s, e }: { s: { r: number; c: number }; e: { r: number; c: number } },
): number[] {
  const filled = new Set<number>();
  for (const address of Object.keys(sheet)) {
    if (address.startsWith("!")) continue;
    const { r, c } = utils.decode_cell(address);
    if (r >= s.r && r <= e.r && c >= s.c && c <= e.c) filled.add(r);
  }
  return [...filled].sort((a, b) => a - b);
}
