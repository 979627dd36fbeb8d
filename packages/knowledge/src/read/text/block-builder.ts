import type { Block, Place, Span } from "../../document/document-schemas.ts";

/** A piece of a block's text with its place. */
export interface Piece {
  readonly text: string;
  readonly place: Place;
}

/** Text and spans of pieces, joined by `separator`. Empty ones are left out. */
export function joinPieces(pieces: readonly Piece[], separator: string): { text: string; spans: Span[] } {
  let text = "";
  const spans: Span[] = [];
  for (const { text: piece, place } of pieces) {
    if (piece === "") continue;
    if (text !== "") text += separator;
    spans.push({ start: text.length, end: text.length + piece.length, place });
    text += piece;
  }
  return { text, spans };
}

export function linesPlace(from: number, to: number = from): Place {
  return { kind: "lines", from, to };
}

/** "Header: value; …" of a row, so that a row found alone says what its values are. */
export function rowText(header: readonly string[], cells: readonly string[]): string {
  return cells
    .flatMap((cell, column) => {
      const value = cell.trim();
      if (value === "") return [];
      const name = header[column]?.trim() ?? "";
      return [name === "" ? value : `${name}: ${value}`];
    })
    .join("; ");
}

/** A table with one line of text for each row that says something. */
export function tableBlock(
  header: readonly string[],
  rows: readonly { readonly cells: readonly string[]; readonly place: Place }[],
): Block | null {
  const said = rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== ""));
  const { text, spans } = joinPieces(
    said.map(({ cells, place }) => ({ text: rowText(header, cells), place })),
    "\n",
  );
  if (text === "") return null;
  return { kind: "table", header: [...header], rows: said.map(({ cells }) => [...cells]), text, spans };
}

/** A first row of words over rows with figures is a header; so is one without an empty or repeated cell over longer columns. */
export function splitHeader<T extends { readonly cells: readonly string[] }>(
  rows: readonly T[],
): { header: string[]; rows: readonly T[] } {
  const [first, second] = rows;
  if (!first || !second) return { header: [], rows };
  const isNumber = (cell: string) => /^[\s\d.,:%€$¥£/+-]+$/.test(cell) && /\d/.test(cell);
  const filled = first.cells.filter((cell) => cell.trim() !== "");
  const isHeader =
    filled.length >= Math.max(1, first.cells.length - 1) &&
    !filled.some(isNumber) &&
    new Set(filled).size === filled.length &&
    filled.every((cell) => cell.length <= 60);
  return isHeader ? { header: [...first.cells], rows: rows.slice(1) } : { header: [], rows };
}
