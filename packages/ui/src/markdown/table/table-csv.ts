/** Rows as CSV (RFC 4180). A cell that a spreadsheet would run as a formula is marked as text. */
export function toCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map(cell).join(",")).join("\r\n");
}

function cell(value: string): string {
  const text = /^[=@\t\r]|^[+-](?![\d.,]+%?$)/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Cells of a table on the page, formulas as their source. */
export function readTable(table: HTMLTableElement): string[][] {
  return [...table.rows].map((row) => [...row.cells].map(cellText));
}

function cellText(element: HTMLTableCellElement): string {
  const copy = element.cloneNode(true) as HTMLElement;
  for (const formula of copy.querySelectorAll(".katex")) {
    formula.replaceWith(formula.querySelector("annotation")?.textContent ?? "");
  }
  return (copy.textContent ?? "").trim();
}
