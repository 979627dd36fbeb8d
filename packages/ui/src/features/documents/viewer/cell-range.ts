/** Row number of an A1 address; null when it is none. */
function rowOf(address: string): number | null {
  const digits = /^\$?[A-Z]{1,3}\$?(\d{1,7})$/i.exec(address)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** Whether a cell's row lies in the rows from `from` to `to`. */
export function isInside(cell: string, from: string, to: string): boolean {
  const [row, first, last] = [rowOf(cell), rowOf(from), rowOf(to)];
  return row !== null && first !== null && last !== null && row >= first && row <= last;
}
