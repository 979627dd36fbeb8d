import { type Connection, openEncrypted } from "../driver/connection.ts";
import { isDamage } from "../driver/driver-errors.ts";
import type { FileKey } from "../driver/key-derivation.ts";
import type { StorageLog } from "../storage-log.ts";

/** What a damaged index still tells about its documents; numbers of models and passages mean nothing in the new one. */
const kept = {
  collections: ["seq", "id", "owner_id", "name", "kind", "settings", "watched", "created_at"],
  documents: [
    ...["id", "owner_id", "collection_seq", "path", "original_path", "content_hash", "bytes", "modified_at"],
    ...["format", "title", "added_at"],
  ],
} as const;

const fresh = {
  collections: "last_passage, revision) VALUES (@LIST, 0, 0)",
  documents: "state, warnings, passages, attempts, revision) VALUES (@LIST, 'waiting', '[]', 0, 0, 0)",
} as const;

interface CopyOptions {
  readonly from: string;
  readonly key: FileKey;
  readonly to: Connection;
  readonly log: StorageLog;
}

/** Copies collections and documents row by row until a page is met that cannot be read. Returns how many. */
export function copyCatalogue({ from, key, to, log }: CopyOptions): { collections: number; documents: number } {
  const counts = { collections: 0, documents: 0 };
  let source: Connection;
  try {
    source = openEncrypted(from, key, "read");
  } catch (error) {
    log.warn({ err: error, path: from }, "nothing of the damaged index can be read");
    return counts;
  }
  try {
    counts.collections = copyRows(source, to, "collections", log);
    counts.documents = copyRows(source, to, "documents", log);
    return counts;
  } finally {
    source.close();
  }
}

function copyRows(source: Connection, to: Connection, table: keyof typeof kept, log: StorageLog): number {
  const columns = kept[table];
  const values = columns.map((column) => `@${column}`).join(", ");
  const insert = to.prepare(
    `INSERT OR IGNORE INTO ${table} (${columns.join(", ")}, ${fresh[table].replace("@LIST", values)}`,
  );
  let copied = 0;
  try {
    if (source.prepare("SELECT 1 FROM sqlite_schema WHERE name = ?").get(table) === undefined) return 0;
    const rows = source.prepare<[], Record<string, unknown>>(`SELECT ${columns.join(", ")} FROM ${table} ORDER BY seq`);
    const known = to.prepare("SELECT 1 FROM collections WHERE seq = ?");
    for (const row of rows.iterate()) {
      if (table === "documents" && known.get(row["collection_seq"]) === undefined) continue;
      copied += insert.run(row).changes;
    }
  } catch (error) {
    if (!isDamage(error)) throw error;
    log.warn({ err: error, table, copied }, "the rest of the damaged index cannot be read");
  }
  return copied;
}
