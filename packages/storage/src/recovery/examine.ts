import { statSync } from "node:fs";
import type { FileKey } from "../driver/key-derivation.ts";
import type { Witnessed } from "../workspace/commit-witness.ts";
import { readLeafRecords } from "./leaf-records.ts";
import { openPageImage, type PageImage, pageNumbers } from "./page-image.ts";
import { readMetaEntry, readSchemaVersion, schemaPages } from "./store-header.ts";

export type Finding =
  /** Nothing is here and nothing was. */
  | { readonly state: "new" }
  | { readonly state: "sound"; readonly schemaVersion: number }
  /** `detail` is for the log. */
  | { readonly state: "damaged"; readonly detail: string };

/**
 * Looks at the files of a store without SQLite, which would overwrite what it does not understand: every page and
 * every frame of the log against its authentication code, and the number of the last commit against what was
 * acknowledged. Changes nothing.
 */
export function examineStore(
  files: { database: string; wal: string },
  key: FileKey,
  witnessed: Witnessed | null,
): Finding {
  const size = statSync(files.database, { throwIfNoEntry: false })?.size;
  const walSize = statSync(files.wal, { throwIfNoEntry: false })?.size ?? 0;
  if (size === undefined) {
    return walSize === 0 && !witnessed ? { state: "new" } : { state: "damaged", detail: "the database is missing" };
  }
  if (size === 0) return { state: "damaged", detail: "the database is empty" };
  using image = openPageImage(files, key);
  if (image.wal.state === "damaged" || image.wal.state === "foreign") {
    return { state: "damaged", detail: `write-ahead log: ${image.wal.state}` };
  }
  if (!image.saltIntact) return { state: "damaged", detail: "salt" };
  return examinePages(image, witnessed);
}

function examinePages(image: PageImage, witnessed: Witnessed | null): Finding {
  for (const pageNumber of pageNumbers(image)) {
    if (image.isIntact(pageNumber) || image.isHole(pageNumber)) continue;
    return { state: "damaged", detail: `page ${pageNumber} of ${image.pageCount}` };
  }
  const firstPage = image.read(1);
  // A hole here is no unused page, and SQLite would fail over it only after it had taken the log for its own.
  const lost = firstPage && schemaPages(firstPage).find((page) => !image.isIntact(page));
  if (lost) return { state: "damaged", detail: `page ${lost} of the schema` };
  const schemaVersion = firstPage ? readSchemaVersion(firstPage) : 0;
  const meta = readMeta(image);
  const revision = Number(meta.get("revision") ?? Number.NaN);
  if (schemaVersion < 1 || Number.isNaN(revision)) return { state: "damaged", detail: "the store has no identity" };
  if (witnessed && meta.get("store_id") === witnessed.storeId && revision < witnessed.revision) {
    return { state: "damaged", detail: `commits ${revision + 1} to ${witnessed.revision} are missing` };
  }
  return { state: "sound", schemaVersion };
}

/** `meta` is the first table that is made, so it lies on the second page; should it not, it is looked for. */
function readMeta(image: PageImage): ReadonlyMap<string, string> {
  const meta = new Map<string, string>();
  for (const pageNumber of [2, ...pageNumbers(image)]) {
    const page = image.read(pageNumber);
    if (page) collectMeta(image, page, pageNumber, meta);
    if (meta.size > 0) break;
  }
  return meta;
}

/** Reads on only where the first row is one of `meta`: no other table has rows of two columns. */
function collectMeta(image: PageImage, page: Buffer, pageNumber: number, meta: Map<string, string>): void {
  for (const record of readLeafRecords(image, page, pageNumber)) {
    const entry = record && readMetaEntry(record);
    if (!entry) return;
    meta.set(entry.key, entry.value);
  }
}
