import type { LeafRecord } from "./leaf-records.ts";

const schemaVersionOffset = 60;

/** `PRAGMA user_version`, from the decrypted first page. */
export function readSchemaVersion(firstPage: Buffer): number {
  return firstPage.readUInt32BE(schemaVersionOffset);
}

const schemaRoot = 100;
const tableInterior = 0x05;

/**
 * The pages right under the first one when the list of tables has outgrown it. SQLite reads them as soon as it opens a
 * file. Layout: sqlite.org/fileformat2.html.
 */
export function schemaPages(firstPage: Buffer): number[] {
  if (firstPage[schemaRoot] !== tableInterior) return [];
  const cells = firstPage.readUInt16BE(schemaRoot + 3);
  const rightmost = firstPage.readUInt32BE(schemaRoot + 8);
  const pointers = Array.from({ length: cells }, (_, index) => schemaRoot + 12 + index * 2);
  const inside = pointers.filter((pointer) => pointer + 2 <= firstPage.length);
  const children = inside.map((pointer) => firstPage.readUInt16BE(pointer)).filter((at) => at + 4 <= firstPage.length);
  return [...children.map((at) => firstPage.readUInt32BE(at)), rightmost];
}

/** A row of `meta`: the only table with two columns. */
export function readMetaEntry(record: LeafRecord): { key: string; value: string } | null {
  const [key, value] = record.values;
  if (record.values.length !== 2 || typeof key !== "string" || typeof value !== "string") return null;
  return { key, value };
}
