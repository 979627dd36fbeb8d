import type { LeafRecord } from "./leaf-records.ts";

const schemaVersionOffset = 60;

/** `PRAGMA user_version`, from the decrypted first page. */
export function readSchemaVersion(firstPage: Buffer): number {
  return firstPage.readUInt32BE(schemaVersionOffset);
}

/** A row of `meta`: the only table with two columns. */
export function readMetaEntry(record: LeafRecord): { key: string; value: string } | null {
  const [key, value] = record.values;
  if (record.values.length !== 2 || typeof key !== "string" || typeof value !== "string") return null;
  return { key, value };
}
