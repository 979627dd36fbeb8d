import type { FileKey } from "../driver/key-derivation.ts";
import { readLeafRecords } from "./leaf-records.ts";
import { openPageImage, type PageImage, pageNumbers } from "./page-image.ts";
import { readMetaEntry, readSchemaVersion } from "./store-header.ts";
import { identifyRecord, type SalvagedRow, type SalvageTable, salvageTables } from "./salvage-tables.ts";

export interface Salvage {
  /** By table name; of each row the newest version. */
  readonly rows: ReadonlyMap<string, ReadonlyMap<string, SalvagedRow>>;
  readonly readablePages: number;
  readonly damagedPages: number;
  /** Rows whose beginning was found and whose rest was not. */
  readonly brokenRows: number;
  /** Null when the first page is gone. */
  readonly schemaVersion: number | null;
  /** What the store said about itself; null when that page is gone. */
  readonly storeId: string | null;
  /** Number of the newest commit of which there is a trace. */
  readonly revision: number;
}

/** Collects every row that is still readable, page by page, whatever happened to the rest of the file. Reads only. */
export function salvageRows(files: { database: string; wal: string }, key: FileKey): Salvage {
  using image = openPageImage(files, key);
  const rows = emptyRows();
  const meta = new Map<string, string>();
  let [readablePages, damagedPages, brokenRows] = [0, 0, 0];
  let schemaVersion: number | null = null;
  for (const pageNumber of pageNumbers(image)) {
    const page = image.read(pageNumber);
    if (page) {
      readablePages++;
      if (pageNumber === 1) schemaVersion = readSchemaVersion(page);
      brokenRows += collectRows(image, page, pageNumber, rows, meta);
    } else if (!image.isHole(pageNumber)) damagedPages++;
  }
  const revision = Math.max(highestRevision(rows), Number(meta.get("revision") ?? 0));
  const storeId = meta.get("store_id") ?? null;
  return { rows, readablePages, damagedPages, brokenRows, schemaVersion, storeId, revision };
}

export type MutableRows = Map<string, Map<string, SalvagedRow>>;

export function emptyRows(): MutableRows {
  return new Map(salvageTables.map((table) => [table.name, new Map<string, SalvagedRow>()]));
}

/** A row can be on two pages when one of them is old; the commit that wrote it last wins. */
export function keepNewest(rows: MutableRows, table: SalvageTable, row: SalvagedRow): void {
  const key = table.key.map((column) => String(row[column])).join("\0");
  const kept = rows.get(table.name);
  const other = kept?.get(key);
  if (!other || Number(row["revision"]) >= Number(other["revision"])) kept?.set(key, row);
}

function highestRevision(rows: ReadonlyMap<string, ReadonlyMap<string, SalvagedRow>>): number {
  let highest = 0;
  for (const table of rows.values()) {
    for (const row of table.values()) highest = Math.max(highest, Number(row["revision"]) || 0);
  }
  return highest;
}

function collectRows(
  image: PageImage,
  page: Buffer,
  pageNumber: number,
  rows: MutableRows,
  meta: Map<string, string>,
): number {
  let broken = 0;
  for (const record of readLeafRecords(image, page, pageNumber)) {
    if (!record) {
      broken++;
      continue;
    }
    const found = identifyRecord(record);
    const entry = readMetaEntry(record);
    if (found) keepNewest(rows, found.table, found.row);
    else if (entry) meta.set(entry.key, entry.value);
  }
  return broken;
}
