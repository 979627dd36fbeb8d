import { renameSync, rmSync } from "node:fs";
import { type Connection, createEncrypted, openEncrypted } from "../driver/connection.ts";
import { syncDirectory, syncFile } from "../driver/durable-files.ts";
import type { FileKey } from "../driver/key-derivation.ts";
import { isConnectionWhole } from "../workspace/backups.ts";
import type { Witnessed } from "../workspace/commit-witness.ts";
import { migrate, schemaVersionOf } from "../workspace/migrate.ts";
import type { Migration } from "../workspace/migrations.ts";
import { writeIdentity } from "../workspace/store-identity.ts";
import type { WorkspacePaths } from "../workspace/workspace-paths.ts";
import { mendReferences } from "./mend-references.ts";
import { emptyRows, keepNewest, type MutableRows } from "./salvage.ts";
import { type SalvagedRow, salvageTables } from "./salvage-tables.ts";

export interface RebuildPlan {
  readonly rows: ReadonlyMap<string, ReadonlyMap<string, SalvagedRow>>;
  readonly schemaVersion: number;
  readonly identity: Witnessed;
}

/** Builds a complete new store from rows, checks it and leaves it, closed and durable, as `paths.recovered`. */
export function rebuildStore(
  paths: WorkspacePaths,
  key: FileKey,
  plan: RebuildPlan,
  migrations: readonly Migration[],
): void {
  removeStore(paths.unfinished);
  const connection = createEncrypted(paths.unfinished, key);
  try {
    migrate(connection, migrations, plan.schemaVersion);
    connection.pragma("foreign_keys=OFF");
    connection.transaction(() => {
      for (const table of salvageTables) insertRows(connection, table.name, plan.rows.get(table.name));
      mendReferences(connection);
      writeIdentity(connection, plan.identity);
    })();
    if (!isConnectionWhole(connection)) throw new Error("the repaired store is not whole");
    connection.pragma("wal_checkpoint(TRUNCATE)");
  } finally {
    connection.close();
  }
  syncFile(paths.unfinished);
  renameSync(paths.unfinished, paths.recovered);
  syncDirectory(paths.dataDir);
}

/**
 * Puts a finished repair into its place. Safe to repeat: until the last step `paths.recovered` says that it is needed,
 * and by then the old files are kept in quarantine.
 */
export function installRecovered(paths: WorkspacePaths): void {
  rmSync(paths.sharedMemory, { force: true });
  rmSync(paths.wal, { force: true });
  syncDirectory(paths.dataDir);
  renameSync(paths.recovered, paths.database);
  syncDirectory(paths.dataDir);
}

/** Removes a database that never got its final name. */
export function removeStore(path: string): void {
  for (const suffix of ["", "-wal", "-shm", "-journal"]) rmSync(`${path}${suffix}`, { force: true });
}

/** All rows of a backup, in the same form as salvaged ones. */
export function readBackupRows(path: string, key: FileKey): { rows: MutableRows; schemaVersion: number } {
  const rows = emptyRows();
  const connection = openEncrypted(path, key, "read");
  try {
    const known = new Set(connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all());
    // A backup of an older version lacks the tables that came later.
    for (const table of salvageTables.filter(({ name }) => known.has(name))) {
      const all = connection.prepare<[], SalvagedRow>(`SELECT * FROM ${table.name}`).all();
      for (const row of all) keepNewest(rows, table, row);
    }
    return { rows, schemaVersion: schemaVersionOf(connection) };
  } finally {
    connection.close();
  }
}

function insertRows(connection: Connection, table: string, rows: ReadonlyMap<string, SalvagedRow> | undefined): void {
  const ordered = [...(rows?.values() ?? [])].sort((a, b) => Number(a["seq"] ?? 0) - Number(b["seq"] ?? 0));
  const inserts = new Map<string, ReturnType<Connection["prepare"]>>();
  for (const row of ordered) {
    // Numbered anew in the old order: rows from a backup may share numbers with those of the damaged file.
    const columns = Object.keys(row).filter((column) => column !== "seq");
    const names = columns.map((column) => `"${column}"`).join(", ");
    const values = columns.map((column) => `@${column}`).join(", ");
    const sql = `INSERT INTO ${table} (${names}) VALUES (${values})`;
    const insert = inserts.get(sql) ?? connection.prepare(sql);
    inserts.set(sql, insert);
    insert.run(row);
  }
}
